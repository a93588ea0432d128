import { isAbsolute, join, resolve } from 'node:path';

/** What `npm start` was asked for. */
export interface Options {
  readonly authority: string;
  readonly port: number;
  readonly dataDir: string;
  /** Names of the services to start; undefined means all. */
  readonly services: readonly string[] | undefined;
}

/** A start that cannot succeed, told in one sentence to the person at the keyboard. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly vi: string;
  readonly en: string;
  constructor(vi: string, en: string) {
    super(`${vi} / ${en}`);
    this.vi = vi;
    this.en = en;
  }
}

export const DEFAULT_AUTHORITY = 'quan-sao-mai';
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Reads arguments and environment: `--authority NAME`, `--port N`, PORT, QUANSO_DATA, SERVICES.
 * Throws StartError with a sentence for anything unknown.
 */
export function readOptions(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  root: string,
  known: readonly string[],
): Options {
  let authority = DEFAULT_AUTHORITY;
  let port = env['PORT'] ?? '4000';
  for (let i = 0; i < argv.length; i += 1) {
    const [flag, inline] = (argv[i] ?? '').split('=', 2);
    const value = inline ?? argv[(i += 1)];
    if (flag === '--authority' && value !== undefined) authority = value;
    else if (flag === '--port' && value !== undefined) port = value;
    else {
      throw new StartError(
        `Không hiểu tham số "${argv[i] ?? flag ?? ''}"; dùng --authority TÊN hoặc --port SỐ.`,
        'unknown argument; use --authority NAME or --port NUMBER.',
      );
    }
  }
  if (!NAME.test(authority)) {
    throw new StartError('Tên đơn vị chỉ gồm a–z, 0–9 và dấu gạch.', 'an authority name has a–z, 0–9 and hyphens only.');
  }
  return {
    authority,
    port: portOf(port),
    dataDir: folderOf(env['QUANSO_DATA'], root),
    services: servicesOf(env['SERVICES'], known),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new StartError(`PORT phải là số từ 0 đến 65535.`, 'PORT is a number from 0 to 65535.');
  }
  return port;
}

/** Where the data are: QUANSO_DATA, else `.data` in the repository. */
export function folderOf(text: string | undefined, root: string): string {
  if (text === undefined || text === '') return join(root, '.data');
  return isAbsolute(text) ? text : resolve(text);
}

function servicesOf(text: string | undefined, known: readonly string[]): readonly string[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new StartError(
      `SERVICES có dịch vụ không biết: ${unknown.join(', ')}; có: ${known.join(', ')}.`,
      `unknown service in SERVICES; there are: ${known.join(', ')}.`,
    );
  }
  return names;
}
