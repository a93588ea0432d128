/** An image from its recipe: layers packed, named by what is in it, labelled with its commit, with the list of what it holds. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PartError } from '../real/cache.js';
import { missingLicences } from './licences.js';
import { tagOf } from './names.js';
import { documentsOf, packLayer } from './oci.js';
import { RECIPES } from './recipes.js';
import { sbomOf } from './sbom.js';
import { whole, writeTree } from './tree.js';

export const ROOT = resolve(import.meta.dirname, '..', '..');

/** @typedef {import('./oci.js').Image<import('./oci.js').Packed> & { name: string, digest: string, sbom: string }} Made */

/**
 * @param {import('./recipes.js').ImageName} name
 * @param {{ registry: string, folders?: string }} options `folders`: where each layer is written as a folder too
 * @returns {Promise<Made>}
 */
export async function makeImage(name, { registry, folders }) {
  const { version, layers, config, components } = await RECIPES[name](ROOT);
  const { revision, created } = sourceOf();
  const missing = missingLicences(layers.flatMap((layer) => layer.entries), components.filter(({ purl }) => purl.startsWith('pkg:deb/')).map((one) => one.name), ({ from, text = '' }) => (from === undefined ? String(text) : readFileSync(from, 'utf8')));
  if (missing.length > 0) throw new PartError(`${name}: thiếu giấy phép / lacks the words of licences: ${missing.join(', ')}`);
  /** @type {import('./oci.js').Packed[]} */
  const packed = [];
  for (const layer of layers) {
    const entries = whole(layer.entries);
    packed.push(await packLayer(layer.name, entries));
    if (folders !== undefined) writeTree(entries, join(folders, layer.name));
  }
  const Labels = { 'org.opencontainers.image.title': `quan-so/${name}`, 'org.opencontainers.image.version': version, 'org.opencontainers.image.revision': revision };
  const image = { reference: `${registry}/quan-so/${name}:${tagOf(version, config, packed)}`, created, config: { ...config, Labels }, layers: packed };
  const { digest } = documentsOf(image).manifest;
  const sbom = `${JSON.stringify(sbomOf({ name, version, digest, created, components }), null, 2)}\n`;
  return { ...image, name, digest, sbom };
}

/** The commit an image comes from and its time; `+changed` when this is no longer what was committed. */
function sourceOf() {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const [revision = '', at = ''] = git('log', '-1', '--format=%H %ct').split(' ');
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'apps', 'libs', 'deploy', 'tools/image', 'tools/realm', 'tools/real', 'package-lock.json') !== '';
    return { revision: changed ? `${revision}+changed` : revision, created: new Date(Number(at) * 1_000).toISOString().replace('.000', '') };
  } catch {
    // A copy without its history: what is in it still tells images apart.
    return { revision: 'unknown', created: '2026-01-01T00:00:00Z' };
  }
}
