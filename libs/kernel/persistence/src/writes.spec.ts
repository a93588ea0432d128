import { Writes } from './writes.js';

/** As PostgreSQL 18 says them. */
const said = (code: string): Error => Object.assign(new Error('x'), { code, severity: 'ERROR' });

let clock = 0;
const writes = (): Writes => new Writes(() => clock);

it.each([
  ['53100', 'the disk is full, nothing can be written'],
  ['58030', 'reading or writing of files fails'],
  ['25006', 'the server takes no writes'],
  ['23505', undefined],
  ['57014', undefined],
  ['53300', undefined],
])('a write that failed with %s: %s', (state, refused) => {
  const seen = writes();
  seen.failed(said(state));
  expect(seen.refused).toBe(refused);
});

it('is told until a write succeeds, and not by another fault meanwhile', () => {
  const seen = writes();
  seen.failed(said('53100'));
  seen.failed(said('23505'));
  expect(seen.refused).toBeDefined();
  seen.succeeded();
  expect(seen.refused).toBeUndefined();
});

it('is forgotten after thirty seconds in which nobody tried, so that somebody tries again', () => {
  const seen = writes();
  seen.failed(said('53100'));
  clock += 30_000;
  expect(seen.refused).toBeDefined();
  clock += 1;
  expect(seen.refused).toBeUndefined();
});
