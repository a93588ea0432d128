/**
 * Packages of Debian as files, each kept by its SHA-256: a mirror has only the newest version of a package, what was
 * fetched once is here for the next run, also when the pins of others change.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot, once, PartError, prune, sha256, workFolder } from '../real/cache.js';

const run = promisify(execFile);
/** Files that are kept: three times what all images pin. */
const KEPT = 400;
/** Where a person puts a package that mirrors no longer have. */
const BY_HAND = 'debs';

/** @typedef {import('./debian.js').Deb} Deb */
/** @typedef {(debs: readonly Deb[], into: string) => Promise<void>} Fetch puts what it finds into a folder; a name that is missing afterwards is gone */

/** @param {Deb} deb */
export function fileOf({ name, version, arch }) {
  return `${name}_${version.replaceAll(':', '%3a')}_${arch}.deb`;
}

/**
 * The files of these packages, in their order; throws one sentence that names those that cannot be had.
 * @param {readonly Deb[]} debs
 * @param {{ fetch?: Fetch, today?: (deb: Deb) => Promise<string | undefined>, root?: string }} [options] `today`: the version that can be had
 * @returns {Promise<string[]>}
 */
export async function debsOf(debs, { fetch = byApt, today = candidate, root = cacheRoot() } = {}) {
  const missing = debs.filter((deb) => !existsSync(join(root, folderOf(deb))));
  const work = workFolder('quan-so-debs');
  try {
    const wanted = missing.filter((deb) => !existsSync(join(root, BY_HAND, fileOf(deb))));
    if (wanted.length > 0) await fetch(wanted, work);
    /** @type {Deb[]} */
    const gone = [];
    for (const deb of missing) {
      const from = [join(root, BY_HAND, fileOf(deb)), join(work, fileOf(deb))].find((path) => existsSync(path));
      if (from === undefined) gone.push(deb);
      else await keep(deb, from, root);
    }
    if (gone.length > 0) throw new PartError(sentence(gone, await Promise.all(gone.map(today)), join(root, BY_HAND)));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const paths = [];
  for (const deb of debs) paths.push(join(await once(folderOf(deb), () => Promise.reject(new Error(fileOf(deb))), root), fileOf(deb)));
  prune('image-deb-', KEPT, root);
  return paths;
}

/** @param {Deb} deb */
function folderOf({ sha256: sum }) {
  return `image-deb-${sum}`;
}

/** @param {Deb} deb @param {string} from @param {string} root */
async function keep(deb, from, root) {
  if ((await sha256(from)) !== deb.sha256) throw new PartError(`${from}: khác mã đã ghim / differs from tools/image/debian.json.`);
  await once(folderOf(deb), async (draft) => {
    copyFileSync(from, join(draft, 'draft'));
    renameSync(join(draft, 'draft'), join(draft, fileOf(deb)));
  }, root);
}

/** All at once; when one is gone apt fetches none of them, so then one by one. @type {Fetch} */
async function byApt(debs, into) {
  needApt();
  const asked = (/** @type {Deb} */ { name, version, arch }) => `${name}${arch === 'all' ? '' : `:${arch}`}=${version}`;
  const download = (/** @type {readonly Deb[]} */ some) => run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...some.map(asked)], { cwd: into, maxBuffer: 2 ** 24 });
  try {
    await download(debs);
  } catch {
    for (const deb of debs.filter((one) => !existsSync(join(into, fileOf(one))))) await download([deb]).catch(() => undefined);
  }
}

/** @param {readonly Deb[]} gone @param {readonly (string | undefined)[]} now @param {string} folder */
function sentence(gone, now, folder) {
  const lines = gone.map((deb, i) => `  ${fileOf(deb)}${now[i] === undefined ? '' : `   (nay là / now ${now[i]})`}`);
  return [
    `Kho Debian của máy này không còn ${gone.length} gói đã ghim trong tools/image/debian.json: \`apt-get update\`; chép tệp vào ${folder}; hoặc lấy bản mới: npm run image -- --pin.`,
    `This machine's mirror of Debian no longer has ${gone.length} packages pinned in tools/image/debian.json: \`apt-get update\`; or put the files into ${folder}; or take the new versions: npm run image -- --pin.`,
    ...lines,
  ].join('\n');
}

/** @param {Deb} deb @returns {Promise<string | undefined>} what apt would install today */
async function candidate({ name }) {
  try {
    const { stdout } = await run('apt-cache', ['policy', name], { maxBuffer: 2 ** 24 });
    return /^ {2}Candidate: (\S+)$/m.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/** @param {string} [release] as debian.json says it */
export function needApt(release = JSON.parse(readFileSync(new URL('debian.json', import.meta.url), 'utf8')).release) {
  const { ID, VERSION_ID } = releaseOf();
  if (`${ID}-${VERSION_ID}` !== release) throw new PartError(`Dựng ảnh cần một máy ${release} (apt, dpkg-deb) / images are built on ${release} (apt, dpkg-deb); đây là / this is ${ID ?? '?'}-${VERSION_ID ?? '?'}.`);
}

/** @returns {Record<string, string>} */
export function releaseOf() {
  try {
    return Object.fromEntries(readFileSync('/etc/os-release', 'utf8').split('\n').flatMap((line) => {
      const [key, value] = line.split('=');
      return key && value ? [[key, value.replaceAll('"', '')]] : [];
    }));
  } catch {
    return {};
  }
}
