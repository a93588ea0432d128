import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debsOf, fileOf, needApt } from './debs.js';

let root;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'qs-debs-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const deb = (name, text = name) => ({ name, version: '1:2.0-1', arch: 'amd64', sha256: createHash('sha256').update(text).digest('hex') });
/** A mirror that has these, and counts what it is asked for. */
function mirror(has) {
  const asked = [];
  const fetch = async (debs, into) => {
    for (const one of debs) {
      asked.push(one.name);
      if (one.name in has) writeFileSync(join(into, fileOf(one)), has[one.name]);
    }
  };
  return { asked, fetch };
}
const texts = async (debs, fetch) => (await debsOf(debs, { fetch, today: async () => '1:2.1-1', root })).map((path) => readFileSync(path, 'utf8'));

it('fetches a package once, by its sum, whatever set asks for it', async () => {
  const { asked, fetch } = mirror({ one: 'one', two: 'two' });
  expect(await texts([deb('one'), deb('two')], fetch)).toEqual(['one', 'two']);
  expect(await texts([deb('two')], fetch)).toEqual(['two']);
  expect(asked).toEqual(['one', 'two']);
});

it('keeps what it got when another is gone, and names that one', async () => {
  const { asked, fetch } = mirror({ one: 'one' });
  await expect(texts([deb('one'), deb('gone')], fetch)).rejects.toThrow(/no longer has 1 packages pinned .*debs.*--pin\.\n {2}gone_1%3a2\.0-1_amd64\.deb {3}\(.*now 1:2\.1-1\)/s);
  await expect(texts([deb('one')], fetch)).resolves.toEqual(['one']);
  expect(asked).toEqual(['one', 'gone']);
});

it('takes from a person’s hand what mirrors no longer have, by the same sum', async () => {
  const { asked, fetch } = mirror({});
  mkdirSync(join(root, 'debs'));
  writeFileSync(join(root, 'debs', fileOf(deb('old'))), 'old');
  expect(await texts([deb('old')], fetch)).toEqual(['old']);
  writeFileSync(join(root, 'debs', fileOf(deb('false'))), 'another');
  await expect(texts([deb('false')], fetch)).rejects.toThrow(/false_.*differs from tools\/image\/debian\.json/);
  expect(asked).toEqual([]);
});

it('refuses what a mirror serves under a pinned name', async () => {
  await expect(texts([deb('one')], mirror({ one: 'tampered' }).fetch)).rejects.toThrow(/one_.*differs/);
});

it('says which machine it needs', () => expect(() => needApt('debian-99')).toThrow(/images are built on debian-99/));
