import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.js';
import { Failure, known } from './failure.js';
import { exclusively, nodeOf } from './install.js';
import { ROOT } from './root.js';

const CACHE = join(ROOT, 'node_modules', '.cache');
const STAMP = join(CACHE, 'quan-so-built');
const TOPS = ['apps', 'libs', 'test'];

/** Builds when a source changed since the last build that went well. Throws Failure with the errors printed. */
export async function build() {
  const { code, output } = await compile();
  if (code === 0) return;
  if (output.includes('panic:')) checkDisk();
  // Standard output belongs to the command.
  process.stderr.write(output);
  throw new Failure('Mã nguồn không dịch được; lỗi ở ngay trên.', 'The sources do not compile; the errors stand above.', code);
}

/** The compiler crashes with pages of its own stack when it cannot write (7.0.2, tried on a full disk). */
function checkDisk() {
  const probe = join(CACHE, 'probe');
  try {
    writeFileSync(probe, Buffer.alloc(1 << 20));
  } catch (error) {
    throw known(error) ?? error;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** The same, answering what the compiler said. What has no changes may be on a read-only disk. @returns {Promise<{ code: number, output: string }>} */
export async function compile() {
  let output = '';
  if (isBuilt()) return { code: 0, output };
  return exclusively(async () => {
    const before = sources();
    if (isBuilt()) return { code: 0, output };
    const tsc = join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
    const code = await run(nodeOf(), [tsc, '-b'], { stdio: ['ignore', 'pipe', 'pipe'], onOutput: (text) => (output += text) });
    if (code === 0) {
      mkdirSync(CACHE, { recursive: true });
      writeFileSync(STAMP, before);
    }
    return { code, output };
  });
}

function isBuilt() {
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
