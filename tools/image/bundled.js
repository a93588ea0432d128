/** What stands in a bundle beside images and charts: guide, secrets' command, licences. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { licenceTexts } from './debian.js';
import { reachedFrom } from './packages.js';
import { file, textFile } from './tree.js';

/** @typedef {import('./tree.js').Entry} Entry */

/**
 * The commands that make secrets and put databases back, with all files that it reaches, in one folder; it reads the services' names and the
 * staff of the packs beside itself.
 * @param {string} root
 * @returns {Entry[]}
 */
export function secretsEntries(root) {
  const programs = reachedFrom(root, ['tools/charts/secrets.js', 'tools/charts/restore.js']).files;
  const packs = join(root, 'deploy', 'authorities');
  const staff = readdirSync(packs).filter((name) => existsSync(join(packs, name, 'staff.json')));
  return [
    ...programs.map((path) => file(`secrets/${basename(path)}`, join(root, path))),
    textFile('secrets/package.json', '{ "type": "module" }\n'),
    file('secrets/contracts.json', join(root, 'charts', 'datastores', 'files', 'contracts.json')),
    ...staff.map((name) => file(`secrets/authorities/${name}/staff.json`, join(packs, name, 'staff.json'))),
  ];
}

/** @param {string} root @returns {Promise<Entry[]>} */
export async function guideEntries(root) {
  return [
    file('README.md', join(root, 'deploy', 'image', 'bundle.md')),
    file('load', join(root, 'deploy', 'image', 'load'), 0o755),
    file('charts/README.md', join(root, 'charts', 'README.md')),
    ...readdirSync(join(root, 'charts', 'profiles')).map((name) => file(`profiles/${name}`, join(root, 'charts', 'profiles', name))),
    ...(await licenceTexts()).map(({ path, from }) => file(`licenses/${basename(path)}`, String(from))),
  ];
}
