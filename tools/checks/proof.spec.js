import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeHash } from '../../test/chaos/code.js';
import { proof } from './proof.js';

describe('the age of a proof', () => {
  let root;
  const source = (text) => writeFileSync(join(root, 'libs/kernel/messaging/src/relay.ts'), text);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'quan-so-proof-'));
    for (const folder of ['libs/kernel/messaging/src', 'test/chaos/results']) mkdirSync(join(root, folder), { recursive: true });
    source('export const a = 1;');
    writeFileSync(join(root, 'test/chaos/results/kafka-1.json'), JSON.stringify({ code: codeHash(root) }));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is not spoken of while the code is the same, whatever its tests are', async () => {
    writeFileSync(join(root, 'libs/kernel/messaging/src/relay.spec.ts'), 'it');
    expect(await proof({ root })).toEqual([]);
  });

  it('is told of a measurement too, with the command that makes it anew', async () => {
    mkdirSync(join(root, 'test/bench/results'), { recursive: true });
    writeFileSync(join(root, 'test/bench/results/outbox.json'), JSON.stringify({ code: 'of before' }));
    expect(await proof({ root })).toMatchObject([{ where: 'test/bench/results/outbox.json', warns: true, en: expect.stringContaining('npm run bench') }]);
  });

  it('is a warning, and no breach, once a line of it is another', async () => {
    source('export const a = 2;');
    expect(await proof({ root })).toMatchObject([{ where: 'test/chaos/results/kafka-1.json', warns: true, en: expect.stringContaining('older than the code') }]);
  });
});
