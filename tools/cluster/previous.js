/**
 * The version that an upgrade comes from: the commit that previous.json names, built as its own README says (`npm ci`,
 * `npm run image`), with its own charts. The image of the services alone: the stores keep theirs, or they would start anew.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PartError, sha256 } from '../real/cache.js';
import { REGISTRY, ROOT } from './place.js';

const run = promisify(execFile);

/** @returns {{ commit: string, differs: string }} `differs`: from the commit behind it, for people */
export function previous() {
  return JSON.parse(readFileSync(join(ROOT, 'tools', 'cluster', 'previous.json'), 'utf8'));
}

/**
 * @param {string} folder of the archives
 * @returns {Promise<import('./place.js').Version & { tag: string, commit: string, archive: import('./images.js').Archive }>}
 */
export async function makePrevious(folder) {
  const { commit } = previous();
  const name = `previous-${commit.slice(0, 12)}`;
  const place = join(folder, name);
  for (const old of readdirSync(folder)) if (old.startsWith('previous-') && old !== name) rmSync(join(folder, old), { recursive: true, force: true });
  if (!existsSync(place)) await build(commit, place);
  const { tag, digest } = JSON.parse(readFileSync(join(place, 'made.json'), 'utf8'));
  return { commit, tag, charts: join(place, 'charts'), images: [join(place, 'services.yaml')], archive: { name: 'services-previous', file: join(place, 'services.tar'), digest, tag } };
}

/** What is left of the checkout are its charts and its image. @param {string} commit @param {string} place */
async function build(commit, place) {
  const draft = `${place}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const source = join(draft, 'source');
  mkdirSync(source, { recursive: true });
  await inShell(`git archive "$1" | tar -x -C "$2"`, [commit, source], ROOT).catch((error) => {
    throw new PartError(`${commit}: không có trong bản sao này / is not in this clone (git fetch --unshallow). ${error.message}`);
  });
  await inShell('npm ci --no-audit --no-fund && npm run image -- services --registry "$1" --out "$2"', [REGISTRY, draft], source);
  const [, tag = ''] = /^ {4}services: (\S+)$/m.exec(readFileSync(join(draft, 'images.yaml'), 'utf8')) ?? [];
  writeFileSync(join(draft, 'services.yaml'), `global: {images: {services: ${tag}}}\n`);
  writeFileSync(join(draft, 'made.json'), JSON.stringify({ tag, digest: await sha256(join(draft, 'services.tar')) }));
  renameSync(join(source, 'charts'), join(draft, 'charts'));
  rmSync(source, { recursive: true, force: true });
  renameSync(draft, place);
}

/** @param {string} script @param {readonly string[]} args @param {string} cwd */
async function inShell(script, args, cwd) {
  // What npm tells its scripts is of this clone, not of that one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$)/.test(name)));
  await run('bash', ['-euo', 'pipefail', '-c', script, 'bash', ...args], { cwd, env, maxBuffer: 2 ** 28 });
}
