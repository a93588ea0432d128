/** Where the platform is and who asks. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXIT, Failure } from './failure.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const ACCOUNT = 'it-admin';

/**
 * The platform of --base with QUANSO_TOKEN; without them the one that runs on this machine and its demo account, signed in
 * as `npm run token` does.
 * @param {import('./arguments.js').Options} options
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./api.js').Ground>}
 */
export async function groundOf({ base, lang }, env) {
  const data = env.QUANSO_DATA ? resolve(env.QUANSO_DATA) : join(ROOT, '.data');
  const address = (base ?? localBase(data)).replace(/\/+$/, '');
  return { base: address, token: env.QUANSO_TOKEN || (await demoToken(data)), lang };
}

/** @param {string} data */
function localBase(data) {
  const file = join(data, 'running.json');
  if (existsSync(file)) return /** @type {{ base: string }} */ (JSON.parse(readFileSync(file, 'utf8'))).base;
  throw new Failure(EXIT.unreachable, `Không có Quận Số nào chạy trên ${data}: mở bằng npm start, hoặc chỉ ra bằng --base.`, `No Quận Số runs on ${data}: open it with npm start, or name one by --base.`);
}

/** @param {string} data @returns {Promise<string>} */
async function demoToken(data) {
  const program = join(ROOT, 'apps', 'all-in-one', 'dist', 'token.js');
  try {
    const { tokenOf } = await import(pathToFileURL(program).href);
    return await tokenOf(ACCOUNT, data, ROOT);
  } catch (error) {
    const { vi, en, message } = /** @type {{ vi?: string, en?: string, message: string }} */ (error);
    throw new Failure(EXIT.notPermitted, `Không đăng nhập được bằng ${ACCOUNT}: ${vi ?? message} Hoặc đặt QUANSO_TOKEN.`, `${ACCOUNT} could not sign in: ${en ?? message} Or set QUANSO_TOKEN.`);
  }
}
