import { codeGaps } from '../../test/chaos/compare.js';
import { without } from './load.js';

it('leaves out the dossiers of others, but for the codes that desks count on', () => {
  const dossier = (/** @type {string} */ code) => ({ code, version: 1, state: 'received' });
  const facts = {
    dossiers: new Map([['theirs', dossier('H99-1')], ['system', dossier('PORTAL-x')], ['ours', dossier('H99-2')]]),
    history: new Map([['theirs', []], ['ours', []]]), keys: new Map([['a', { dossier: 'theirs', version: 1 }], ['b', { dossier: 'ours', version: 1 }]]),
    told: new Map(), audited: new Map(), waiting: [], records: new Map([['theirs', 1], ['system', 1], ['ours', 1]]), recordHistory: new Map(), counted: 3, parked: 0, sent: new Set(), disorder: [],
  };
  const left = without(facts, new Set(['theirs', 'system']));
  expect([...left.history.keys(), ...left.keys.keys(), ...left.records.keys()]).toEqual(['ours', 'b', 'ours']);
  expect(left.counted).toBe(1);
  expect(codeGaps([...left.dossiers.values()].map(({ code }) => code))).toEqual([]);
});
