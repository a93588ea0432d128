import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startOn, type TestPlatform } from './platform.js';

const PROGRAM = resolve(import.meta.dirname, '..', '..', 'tools', 'quanso', 'quanso.js');

/** The command as `npm run quanso` runs it on the machine of the platform: no address, no token. */
describe('an operator on the machine of the platform', () => {
  let data: string;
  let platform: TestPlatform | undefined;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'quan so '));
    platform = await startOn(data, 'phuong-sao-mai');
  }, 120_000);
  afterAll(async () => {
    await platform?.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }, 60_000);

  function quanso(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((done) => {
      execFile(process.execPath, [PROGRAM, ...args], { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }));
    });
  }

  it('signs in as the demo account and sees every service', async () => {
    const { code, out, err } = await quanso({ QUANSO_DATA: data }, 'lag', '--json');
    expect([code, err]).toEqual([0, '']);
    const states = JSON.parse(out) as Record<string, { parked: object; gaps: number }>;
    expect(Object.keys(states).toSorted()).toEqual(['catalog', 'dossiers', 'warehouse']);
    for (const state of Object.values(states)) expect(state).toMatchObject({ parked: { CONTRACT: 0, HANDLER: 0, BEHIND: 0, STALE: 0, since: null }, gaps: 0 });
    expect(await quanso({ QUANSO_DATA: data }, 'parked', 'list', '--lang', 'en')).toEqual({ code: 0, out: 'Nothing is parked.\n', err: '' });
  });

  it('is told who may, and where nothing runs', async () => {
    const guessed = await quanso({ QUANSO_DATA: data, QUANSO_TOKEN: 'guess' }, 'lag');
    expect([guessed.code, guessed.err]).toEqual([5, expect.stringContaining('UNAUTHENTICATED')]);
    const nowhere = await quanso({ QUANSO_DATA: join(data, 'nowhere') }, 'lag');
    expect([nowhere.code, nowhere.err]).toEqual([4, expect.stringContaining('npm start')]);
  });
});
