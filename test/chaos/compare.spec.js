import { describe, expect, it } from '@jest/globals';
import { codeGaps, compare } from './compare.js';
import { readLog } from './facts.js';

/** One dossier with two versions, as a platform holds it that did everything right; keys k1 and k2. */
function whole() {
  const versions = [1, 2];
  return {
    ledger: {
      hash: '',
      asked: new Map(versions.map((v) => [`k${v}`, { t: 'ask', n: v, k: `k${v}`, o: 'x', d: v === 1 ? null : 'd', v: v - 1 }])),
      acknowledged: new Map(versions.map((v) => [`k${v}`, { t: 'ack', k: `k${v}`, d: 'd', c: 'H99.05.01-261125-0001', v, s: `s${v}`, h: '', w: 1 }])),
    },
    facts: {
      dossiers: new Map([['d', { code: 'H99.05.01-261125-0001', version: 2, state: 's2' }]]),
      history: new Map([['d', versions.map((version) => ({ version, state: `s${version}` }))]]),
      keys: new Map(versions.map((version) => [`k${version}`, { dossier: 'd', version }])),
      told: new Map([['d/1', 1], ['d/2', 1]]),
      audited: new Map([['d', 2]]),
      waiting: [],
      records: new Map([['d', 2]]),
      recordHistory: new Map([['d', new Set(versions)]]),
      counted: 1,
      parked: 0,
      sent: new Set(['d/1', 'd/2']),
      disorder: [],
    },
  };
}

/** Numbers of faults after one thing was changed. @param {(facts: any, ledger: any) => unknown} change */
function after(change) {
  const { ledger, facts } = whole();
  change(facts, ledger);
  const { lost, duplicated, gaps } = compare(/** @type {any} */ (ledger), /** @type {any} */ (facts));
  return [lost.length, duplicated.length, gaps.length];
}

describe('the comparison', () => {
  it('finds nothing where everything is as acknowledged', () => {
    expect(after(() => undefined)).toEqual([0, 0, 0]);
  });

  it('takes what was done and never answered for neither lost nor doubled', () => {
    expect(after((_, ledger) => ledger.acknowledged.delete('k2'))).toEqual([0, 0, 0]);
  });

  it.each(/** @type {[string, (facts: any) => unknown][]} */ ([
    ['a dossier that is not there', (facts) => facts.dossiers.delete('d')],
    ['a code that is another', (facts) => facts.dossiers.set('d', { code: 'H99.05.01-261125-0002', version: 2, state: 's2' })],
    ['a state that is another', (facts) => facts.history.get('d').splice(1, 1, { version: 2, state: 's9' })],
    ['a fact that was not told', (facts) => facts.told.delete('d/2')],
    ['a fact that did not reach the log', (facts) => facts.sent.delete('d/2')],
    ['a version the warehouse does not have', (facts) => facts.recordHistory.set('d', new Set([1]))],
    ['a warehouse that stands at an earlier version', (facts) => facts.records.set('d', 1)],
    ['rows that wait for ever', (facts) => facts.waiting.push('dossiers: 1 records.dossiers t')],
    ['events aside', (facts) => (facts.parked = 1)],
  ]))('says lost: %s', (_, change) => {
    expect(after(change)[0]).toBeGreaterThan(0);
  });

  it('says lost: an audit entry that is not there, for every answer about its dossier', () => {
    expect(after((facts) => facts.audited.set('d', 1))[0]).toBe(2);
  });

  it.each(/** @type {[string, (facts: any) => unknown][]} */ ([
    ['a version nobody asked for', (facts) => (facts.keys.delete('k2'), facts.keys.set('k9', { dossier: 'd', version: 2 }))],
    ['an effect without its key', (facts) => facts.history.get('d').push({ version: 3, state: 's3' })],
    ['a fact told twice', (facts) => facts.told.set('d/1', 2)],
    ['two audit entries of one change', (facts) => facts.audited.set('d', 3)],
    ['counters that counted twice', (facts) => (facts.counted = 2)],
  ]))('says duplicated: %s', (_, change) => {
    expect(after(change)[1]).toBeGreaterThan(0);
  });

  it.each(/** @type {[string, (facts: any) => unknown][]} */ ([
    ['a version left out', (facts) => facts.history.set('d', [{ version: 1, state: 's1' }, { version: 3, state: 's3' }])],
    ['a version left out in the warehouse', (facts) => facts.recordHistory.set('d', new Set([1, 3]))],
    ['what came out of order', (facts) => facts.disorder.push('d: 0 → 2')],
  ]))('says gap: %s', (_, change) => {
    expect(after(change)[2]).toBeGreaterThan(0);
  });
});

describe('codes', () => {
  it('count from 1 for each desk and day, in whatever order they are read', () => {
    expect(codeGaps(['H99.05.01-261125-0002', 'H99.05.01-261125-0001', 'H99.05.02-261125-0001', 'H99.05.01-261126-0001'])).toEqual([]);
    expect(codeGaps(['H99.05.01-261125-0001', 'H99.05.01-261125-0003'])).toHaveLength(1);
    expect(codeGaps(['H99.05.01-261125-0001', 'H99.05.01-261125-0001'])).toHaveLength(1);
  });
});

describe('the log of the broker', () => {
  const line = (/** @type {string} */ key, /** @type {number} */ version) =>
    `| offset: 7 CreateTime: 1 keySize: 36 valueSize: 900 sequence: -1 headerKeys: [] key: ${key} payload: {"specversion":"1.0","data":{"dataset":"dossiers","version":${version},"body":{"procedure":{"version":9}}}}`;

  it('may repeat what was sent before a crash', () => {
    const { sent, disorder } = readLog([[line('a', 1), line('a', 2), line('b', 1), line('a', 1), line('a', 2), line('a', 3)].join('\n')]);
    expect([...sent].sort()).toEqual(['a/1', 'a/2', 'a/3', 'b/1']);
    expect(disorder).toEqual([]);
  });

  it('must not show a version before an earlier one', () => {
    expect(readLog([line('a', 1), line('a', 3), line('a', 2)]).disorder).toEqual(['a: 1 → 3']);
  });
});
