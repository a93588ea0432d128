import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { signIn, signInSystem, SignInRefused } from '@quan-so/testing/sign-in';
import { folderOf, StartError } from './options.js';

interface Running {
  readonly base: string;
  readonly pid: number;
  readonly authority: string;
  readonly issuer: string;
}

/** The client of programs on this machine; nobody listens at its address, the code is read from it. */
const CLIENT = 'quan-so-cli';
const CALLBACK = 'http://127.0.0.1/callback';

/**
 * An access token of a demo account of the platform that runs on these data: a person logs in as in a browser (code and
 * PKCE, through the login page), a system with its secret. Throws StartError: nothing runs there, no such account.
 */
export async function tokenOf(account: string | undefined, dataDir: string, root: string): Promise<string> {
  const running = runningOn(dataDir);
  const secrets = readJson<Record<string, string>>(join(dataDir, 'accounts.json'));
  const secret = account === undefined ? undefined : secrets[account];
  if (account === undefined || secret === undefined) {
    const names = Object.keys(secrets).join(', ');
    throw new StartError(`${account === undefined ? 'Thiếu tên tài khoản' : `Không có tài khoản "${account}"`}; có: ${names}.`, `${account === undefined ? 'name an account' : 'no such account'}; there are the above.`);
  }
  const staff = readJson<{ systems: { clientId: string }[] }>(join(root, 'deploy', 'authorities', running.authority, 'staff.json'));
  const { issuer } = running;
  const isSystem = staff.systems.some(({ clientId }) => clientId === account);
  const tokens = isSystem ? await signInSystem(issuer, account, secret) : await signIn({ issuer, clientId: CLIENT, redirectUri: CALLBACK, username: account, password: secret });
  return tokens.access_token;
}

function runningOn(dataDir: string): Running {
  const file = join(dataDir, 'running.json');
  const running = existsSync(file) ? readJson<Running>(file) : undefined;
  if (running === undefined || !isAlive(running.pid)) {
    throw new StartError(`Chưa có Quận Số nào chạy trên dữ liệu ở ${dataDir}; mở bằng: npm start (ở cửa sổ khác).`, 'no Quận Số is running on these data; open it with: npm start (in another window).');
  }
  return running;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** What went wrong, in a sentence; undefined for what nobody foresaw. */
function told(error: unknown): string | undefined {
  if (error instanceof StartError) return `${error.vi}\n${error.en}`;
  if (error instanceof SignInRefused) return `Đăng nhập bị từ chối (${error.message}); sau nhiều lần sai phải đợi ít phút.\nthe login was refused; after many wrong tries wait some minutes.`;
  if (error instanceof TypeError && error.message === 'fetch failed') return 'Quận Số không trả lời; thử lại sau ít giây.\nQuận Số does not answer; try again in some seconds.';
  return undefined;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = resolve(import.meta.dirname, '..', '..', '..');
  try {
    process.stdout.write(`${await tokenOf(process.argv[2], folderOf(process.env['QUANSO_DATA'], root), root)}\n`);
  } catch (error) {
    const sentence = told(error);
    if (sentence === undefined) throw error;
    process.stderr.write(`${sentence}\n`);
    process.exitCode = 1;
  }
}
