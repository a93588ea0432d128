import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { tracesOfPage, tracesOfZipkin } from '../story/traces.js';
import { type World } from '../story/world.js';

/** What `npm run tour` was asked for. */
export interface TourOptions {
  readonly json: boolean;
  readonly base: string;
  readonly world: World;
}

/** A tour that cannot begin, told in one sentence. */
export class TourError extends Error {
  override readonly name = 'TourError';
}

const USAGE = 'npm run tour -- [--base http://127.0.0.1:4000] [--json]';
const DEFAULT_BASE = 'http://127.0.0.1:4000';

/**
 * Reads arguments and environment. Address: `--base`, else what the platform on these data says, else port 4000.
 * Accounts: the file QUANSO_ACCOUNTS, else `accounts.json` of the data folder (QUANSO_DATA). Throws TourError.
 */
export function readTour(argv: readonly string[], env: NodeJS.ProcessEnv, root: string): TourOptions {
  let base: string | undefined;
  let json = false;
  for (let i = 0; i < argv.length; i += 1) {
    const [flag, inline] = (argv[i] ?? '').split('=', 2);
    if (flag === '--json' && inline === undefined) json = true;
    else if (flag === '--base') base = inline ?? argv[(i += 1)];
    else throw new TourError(`Không hiểu "${argv[i] ?? ''}"; dùng / unknown argument, use: ${USAGE}`);
  }
  const data = dataFolder(env['QUANSO_DATA'], root);
  const address = addressOf(base ?? addressIn(data) ?? DEFAULT_BASE);
  return { json, base: address, world: worldAt(address, accountsOf(env['QUANSO_ACCOUNTS'] ?? join(data, 'accounts.json')), env) };
}

function worldAt(base: string, accounts: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): World {
  const zipkin = env['QUANSO_ZIPKIN'];
  return {
    bases: { dossiers: base, catalog: base, warehouse: base },
    issuer: env['QUANSO_ISSUER'] ?? `${base}/realms/quan-so`,
    traces: zipkin === undefined ? tracesOfPage(base) : tracesOfZipkin(zipkin),
    traceAddress: (traceId) => (zipkin === undefined ? `${base}/traces/${traceId}` : `${zipkin}/zipkin/traces/${traceId}`),
    secretOf: (account) => {
      const secret = accounts[account];
      if (secret === undefined) throw new TourError(`Không có tài khoản "${account}" trong tệp tài khoản / no account "${account}" in the file of accounts.`);
      return secret;
    },
  };
}

function dataFolder(text: string | undefined, root: string): string {
  if (text === undefined || text === '') return join(root, '.data');
  return isAbsolute(text) ? text : resolve(text);
}

function addressIn(data: string): string | undefined {
  const file = join(data, 'running.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { base: string }).base : undefined;
}

function addressOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new TourError(`"${text}" không phải địa chỉ / is no address; ${USAGE}`);
  return text.replace(/\/+$/, '');
}

function accountsOf(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) {
    throw new TourError(`Không thấy tài khoản mẫu ở ${file}; mở nền tảng bằng "npm start" trước, hoặc đặt QUANSO_DATA, QUANSO_ACCOUNTS.\nNo demo accounts there; open the platform with "npm start" first, or set QUANSO_DATA, QUANSO_ACCOUNTS.`);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}
