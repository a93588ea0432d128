/** Faults and what is said of them; every line a fault breaks is where it says, once. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { faults } from './faults.js';
import { broken, driftOf, isQuick, isTitled, outcomeOf, summary, tableLine } from './sabotage.rules.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const lamp = { name: 'lamp-stays-dark', promise: 'the lamp is lit', file: 'lamp.ts', text: 'light($1);', fault: 'dim($1);', spec: 'lamp.spec.ts', test: 'the lamp is lit' };

const read = (path) => readFileSync(join(ROOT, path), 'utf8');

describe('the faults', () => {
  it.each(faults.map((fault) => [fault.name, fault]))('%s: its line stands once, its test is there', (_, fault) => {
    expect(driftOf(fault, read(fault.file))).toBeUndefined();
    const spec = read(fault.spec);
    const suites = [...spec.matchAll(/from '\.\/(spec\/[\w-]+\.suite)\.js'/g)].map(([, suite]) => read(join(dirname(fault.spec), `${suite}.ts`)));
    expect([fault.test, isTitled(fault.test, [spec, ...suites])]).toEqual([fault.test, true]);
  });
  it('have names of their own, and a third or more is found without a database', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(faults.filter(isQuick).length).toBeGreaterThan(faults.length / 3);
    expect(faults.length).toBeGreaterThanOrEqual(30);
  });
});

describe('a fault', () => {
  it('changes its one line and nothing else, whatever signs it holds', () => expect(broken(lamp, 'a\nlight($1);\nb')).toBe('a\ndim($1);\nb'));
  it.each(['', 'light(); light();', 'light($1); light($1);'])('no longer fits "%s"', (whole) => expect(driftOf(lamp, whole)).toMatch(/^lamp\.ts: dòng của lỗi lamp-stays-dark có \d lần, .* must be once\.$/));
  it('that changes nothing does not fit', () => expect(driftOf({ ...lamp, fault: lamp.text }, 'light($1);')).toBeDefined());
  it.each([
    ['red', [{ name: lamp.test, status: 'failed' }]],
    ['survived', [{ name: lamp.test, status: 'passed' }, { name: 'another', status: 'failed' }]],
    ['did not run', [{ name: lamp.test, status: 'pending' }]],
    ['did not run', []],
  ])('is %s', (outcome, told) => expect(outcomeOf(lamp, told)).toBe(outcome));
  it.each([
    ['the lamp is lit', true],
    ['street lamps the lamp is lit', true],
    ['unlit', false],
    ['the lamp is dark', false],
    ['lamps 7 of 8 (Lan’s)', true],
  ])('belongs to a test named "%s": %p', (test, isThere) => expect(isTitled(test, [`it('the lamp is lit', () => 1); it.each([])('%d of %s (Lan’s)', () => 1);`])).toBe(isThere));
  it('is told with the promise; one that survives with the test that should have seen it', () => {
    expect(tableLine({ fault: lamp, outcome: 'red', seconds: 1 })).toMatch(/^đỏ \/ red +1\.0 s {2}lamp-stays-dark +the lamp is lit$/);
    expect(tableLine({ fault: lamp, outcome: 'survived', seconds: 1 })).toMatch(/^survived .*\n +the lamp is lit$/);
    expect(summary([{ outcome: 'red' }, { outcome: 'survived' }], 2.4)).toBe('1 / 2 lỗi bị phát hiện / faults were found, 2 s');
  });
});
