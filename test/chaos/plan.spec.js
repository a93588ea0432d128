import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ledger, readLedger } from './ledger.js';
import { askedFor, CI } from './options.js';
import { inputsOf, planOf } from './plan.js';
import { requestOf, stepAfter } from './steps.js';

describe('the plan', () => {
  it('has the blows that were asked for, of every kind', () => {
    const plan = planOf(CI.kafka);
    const count = (/** @type {string} */ act) => plan.filter((blow) => blow.act === act).length;
    expect([count('kill'), count('freeze'), count('term'), count('restart')]).toEqual([60, 3, 10, 5]);
    const kinds = new Set(plan.flatMap((blow) => (blow.act === 'kill' ? [blow.kind] : [])));
    expect([...kinds].sort()).toEqual(['api', 'broker', 'consumer', 'postmaster', 'reference', 'relay']);
  });

  it('is the same for the same seed and another for another', () => {
    expect(planOf(CI.kafka)).toEqual(planOf({ ...CI.kafka }));
    expect(inputsOf(CI.kafka)).not.toBe(inputsOf({ ...CI.kafka, seed: 43 }));
  });

  it('draws the quiet before each blow and the choice among equals too', () => {
    expect(planOf(CI.local).every((blow) => blow.afterMs > 0 && blow.pick >= 0 && blow.pick < 1)).toBe(true);
  });
});

describe('the ledger', () => {
  it('is read back as it was written; a line that was torn never counted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quan-so-ledger-'));
    try {
      const path = join(folder, 'ledger.jsonl');
      const ledger = new Ledger(path);
      ledger.ask({ n: 1, k: 'a', o: 'receive', d: null, v: 0 });
      ledger.acknowledge({ k: 'a', d: 'd', c: 'c', v: 1, s: 'received', h: 'h', w: 2 });
      ledger.close();
      appendFileSync(path, '{"t":"ack","k":"b"');
      const again = new Ledger(path);
      again.ask({ n: 2, k: 'b', o: 'assign', d: 'd', v: 1 });
      again.close();
      const { asked, acknowledged } = readLedger(path);
      expect([...asked.keys()]).toEqual(['a', 'b']);
      expect([...acknowledged.values()]).toMatchObject([{ k: 'a', d: 'd', v: 1, w: 2 }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a command', () => {
  it('is the same request whenever it is sent again', () => {
    const asked = { n: 7, o: 'propose', d: 'd', v: 4 };
    expect(requestOf(asked)).toEqual(requestOf({ ...asked }));
    expect(requestOf(asked)).toMatchObject({ by: 'specialist', path: '/api/dossiers/v1/dossiers/d/proposal', ifMatch: '"4"' });
    expect(requestOf({ n: 1, o: 'receive', d: null, v: 0 }).ifMatch).toBeUndefined();
    expect([stepAfter(1)?.name, stepAfter(7)?.name, stepAfter(8)]).toEqual(['assign', 'return', undefined]);
  });
});

describe('what is asked for', () => {
  it('scales the other blows with the kills', () => {
    expect(askedFor(['--kills', '600', '--seed', '3']).options).toMatchObject({ transport: 'kafka', seed: 3, kills: 600, freezes: 30, terms: 100, restarts: 50 });
    expect(askedFor(['--ci']).what).toBe('ci');
  });

  it.each([['--kills', '0'], ['--kills', 'x'], ['--transport', 'smoke'], ['--whatever']])('refuses %s %s with a sentence', (...argv) => {
    expect(() => askedFor(argv.filter(Boolean))).toThrow(/./);
  });
});
