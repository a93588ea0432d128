import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askedFor, readState } from './restore.rules.js';

const COMMAND = join(import.meta.dirname, 'restore.js');
const TO = '2026-11-26T10:00:00+07:00';

describe('what is asked for', () => {
  it('is an instant with its zone', () => {
    expect(askedFor(['--to', TO, '--incident', 'flood']).to).toBe('2026-11-26T03:00:00.000Z');
    expect(askedFor(['--to', '2026-11-26T03:00:00.123456Z', '--incident', 'flood']).to).toBe('2026-11-26T03:00:00.123456Z');
    expect(askedFor(['--to', 'latest', '--incident', 'flood']).to).toBe('latest');
    for (const to of ['2026-11-26T10:00:00', 'yesterday', '2026-13-26T10:00:00Z']) expect(() => askedFor(['--to', to, '--incident', 'flood'])).toThrow('--to');
  });
  it('has a name, and is agreed to by saying it again', () => {
    expect(() => askedFor(['--to', TO])).toThrow('--incident NAME');
    expect(() => askedFor(['--to', TO, '--incident', 'Lũ'])).toThrow('--incident NAME');
    expect(() => askedFor(['--to', TO, '--incident', 'flood', '--confirm', 'yes'])).toThrow('≠');
    expect(askedFor(['--to', TO, '--incident', 'flood']).confirmed).toBe(false);
    expect(askedFor(['--to', TO, '--incident', 'flood', '--confirm', TO]).confirmed).toBe(true);
  });
});

describe('what the server says', () => {
  it('is read line by line', () => {
    expect(readState('asked 2026-11-26T03:00:00Z flood \nopen\nbase 20261126T013000Z\nlog 000000010000000000000004.gz\ndone fire\n')).toEqual({ asked: 'flood', done: ['fire'], bases: ['20261126T013000Z'] });
    expect(readState('closed 2026-11-26T03:00:00Z flood \nlog \n').closed).toEqual({ to: '2026-11-26T03:00:00Z', incident: 'flood' });
    expect(readState('failed 2026-11-26T03:00:00Z flood \n').failed).toBe('2026-11-26T03:00:00Z');
  });
});

/** A cluster of two deployments whose server does what it is told, as a program that writes down what it was asked. */
const KUBECTL = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const dir = __dirname;
const words = process.argv.slice(2);
const line = words.join(' ');
appendFileSync(join(dir, 'calls'), line + '\\n');
const file = (name) => join(dir, name);
const is = (name) => existsSync(file(name));
if (line.endsWith('/restore state')) {
  console.log(is('closed') ? 'closed 2026-11-26T03:00:00.000Z flood' : 'open');
  console.log('base 20261126T013000Z');
  if (is('done')) console.log('done flood');
  if (is('failed')) console.log('failed 2026-11-26T03:00:00.000Z flood');
} else if (line.includes('/restore ask')) { writeFileSync(file('asked'), ''); require('node:fs').rmSync(file('failed'), { force: true }); }
else if (line.includes('get secret')) {
  const url = Buffer.from('postgres://dossiers:secret@' + (is('moved') ? 'postgres.second' : 'postgres.quan-so-datastores') + ':5432/dossiers').toString('base64');
  console.log(JSON.stringify({ items: [{ metadata: { name: 'dossiers-database' }, data: { url } }, { metadata: { name: 'kafka-ca' } }] }));
} else if (line.includes('get job')) console.log(is('job') ? 'job.batch/postgres-backup-flood' : '');
else if (line.includes('create job')) writeFileSync(file('job'), '');
else if (line.includes('delete pod') && is('asked')) { writeFileSync(file('closed'), ''); writeFileSync(file('done'), ''); }
else if (line.includes('/cut') && is('cut-fails')) { require('node:fs').rmSync(file('cut-fails')); process.exit(1); }
else if (line.includes('/restore open')) require('node:fs').rmSync(file('closed'));
else if (line.includes('get deployment')) {
  const name = line.includes('keycloak') ? 'keycloak' : 'dossiers';
  const replicas = is(name) ? 0 : 2;
  console.log(JSON.stringify({ items: [{ metadata: { name, annotations: replicas === 0 ? { 'quan-so.vn/replicas-before': '2' } : {} }, spec: { replicas } }] }));
} else if (line.includes('scale deployment')) {
  const name = words[4];
  if (line.includes('replicas=0')) writeFileSync(file(name), ''); else require('node:fs').rmSync(file(name), { force: true });
}
`;

describe('the command', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'quan-so-restore-'));
    writeFileSync(join(dir, 'kubectl'), KUBECTL);
    writeFileSync(join(dir, 'package.json'), '{"type":"commonjs"}');
    chmodSync(join(dir, 'kubectl'), 0o755);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const run = (/** @type {string[]} */ ...more) => {
    try {
      return execFileSync(process.execPath, [COMMAND, '--to', TO, '--incident', 'flood', '--kubectl', join(dir, 'kubectl'), ...more], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return String(/** @type {{ stderr: string }} */ (error).stderr);
    }
  };
  const done = () => readFileSync(join(dir, 'calls'), 'utf8').split('\n').map((line) => line.replace(/^-n \S+ (exec \S+ -- )?/, '')).filter((line) => /^(scale|delete|create|\/cut|\/restore [^s])/.test(line));
  const STOP = ['scale deployment dossiers --replicas=0', 'scale deployment keycloak --replicas=0'];
  const BACK = ['/restore ask 2026-11-26T03:00:00.000Z flood 2026-11-26T03:00:00.000Z', 'delete pod postgres-0 --wait=true'];
  const END = ['/cut 2026-11-26T03:00:00.000Z', '/restore open', 'scale deployment keycloak --replicas=2', 'scale deployment dossiers --replicas=2', 'create job postgres-backup-flood --from=cronjob/postgres-backup'];

  it('changes nothing until it is agreed to', () => {
    expect(run()).toContain(`--confirm ${TO}`);
    expect(done()).toEqual([]);
  });
  it('stops everybody first, cuts the log before anybody is let in, and brings back as many as there were', () => {
    expect(run('--confirm', TO)).toContain('Xong / done');
    expect(done()).toEqual([...STOP, ...BACK, ...END]);
  });
  it('goes on where it was interrupted', () => {
    writeFileSync(join(dir, 'cut-fails'), '');
    expect(run('--confirm', TO)).not.toContain('Xong / done');
    run('--confirm', TO);
    expect(done()).toEqual([...STOP, ...BACK, ...END.slice(0, 1), ...END]);
  });
  it('asks again when the server did not come to the instant before', () => {
    writeFileSync(join(dir, 'failed'), '');
    expect(run('--confirm', TO)).toContain('Xong / done');
    expect(done()).toEqual([...STOP, ...BACK, ...END]);
  });
  it('refuses what it would put back in part', () => {
    writeFileSync(join(dir, 'moved'), '');
    const said = run('--confirm', TO);
    expect(said).toMatch(/another server.*by hand: dossiers/);
    expect(said).not.toContain('secret@');
    expect(done()).toEqual([]);
  });
  it('has nothing left to do the second time', () => {
    run('--confirm', TO);
    const first = done();
    expect(run('--confirm', TO)).toContain('Xong / done');
    expect(done()).toEqual(first);
  });
});
