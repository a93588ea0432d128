import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.js';
import { Failure } from './failure.js';
import { exclusively, nodeOf } from './install.js';
import { ROOT } from './root.js';

const CACHE = join(ROOT, 'node_modules', '.cache');
const STAMP = join(CACHE, 'quan-so-built');
const TOPS = ['apps', 'libs', 'test'];

/** Builds when a source changed since the last build that went well; what has no changes may be on a read-only disk. */
export async function build() {
  if (isBuilt()) return;
  await exclusively(async () => {
    const before = sources();
    if (isBuilt()) return;
    const tsc = join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
    // Errors go where all our words go; standard output belongs to the command.
    const code = await run(nodeOf(), [tsc, '-b', '--pretty', String(process.stderr.isTTY === true)], { stdio: ['ignore', process.stderr, process.stderr] });
    if (code !== 0) throw new Failure('Mã nguồn không dịch được; lỗi ở ngay trên.', 'The sources do not compile; the errors stand above.', code);
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(STAMP, before);
  });
}

export function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === sources() && projects().every((path) => existsSync(join(ROOT, path, 'dist', '.tsbuildinfo')));
  } catch {
    return false;
  }
}

/** @returns {string[]} */
function projects() {
  return JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')).references.map((/** @type {{ path: string }} */ { path }) => path);
}

/** Path, size and time of everything the compiler reads: milliseconds for hundreds of files. */
function sources() {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ path) => {
    const { size, mtimeMs } = statSync(join(ROOT, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const path of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json', ...TOPS.flatMap(inFolder)]) add(path);
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} */
function inFolder(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? inFolder(path) : /\.(ts|json)$/.test(entry.name) ? [path] : [];
    });
}
