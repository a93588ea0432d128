import { Refusal } from '@quan-so/contract';
import { place, stamped, type Period, type VersionPeriod } from './reference.rules.js';

const open: VersionPeriod[] = [{ version: 1, validFrom: '2026-01-01', validTo: null }];
const two: VersionPeriod[] = [
  { version: 1, validFrom: '2026-01-01', validTo: '2026-06-30' },
  { version: 2, validFrom: '2026-07-01', validTo: null },
];
const replaced: VersionPeriod[] = [
  { version: 1, validFrom: '2026-01-01', validTo: '2025-12-31' },
  { version: 2, validFrom: '2026-01-01', validTo: null },
];

function refusedOver(existing: readonly VersionPeriod[], next: Period): unknown {
  try {
    place(existing, next);
  } catch (error) {
    if (error instanceof Refusal) return [error.problem.code, error.extra['version']];
    throw error;
  }
  return 'taken';
}

describe('place', () => {
  it.each<[string, readonly VersionPeriod[], Period, number, unknown]>([
    ['the first of its code', [], { validFrom: '2026-01-01', validTo: null }, 1, undefined],
    ['the tail of an open version', open, { validFrom: '2027-01-01', validTo: null }, 2, { version: 1, validTo: '2026-12-31' }],
    ['the tail over a leap day', open, { validFrom: '2028-03-01', validTo: null }, 2, { version: 1, validTo: '2028-02-29' }],
    ['what a version leaves, to its last day', two, { validFrom: '2026-06-01', validTo: '2026-06-30' }, 3, { version: 1, validTo: '2026-05-31' }],
    ['a version from its first day on (a correction)', open, { validFrom: '2026-01-01', validTo: null }, 2, { version: 1, validTo: '2025-12-31' }],
    ['a version from its first day on, to end it', open, { validFrom: '2026-01-01', validTo: '2026-11-30' }, 2, { version: 1, validTo: '2025-12-31' }],
    ['time before all others', open, { validFrom: '2025-01-01', validTo: '2025-12-31' }, 2, undefined],
    ['beside a version that never was in force', replaced, { validFrom: '2027-01-01', validTo: null }, 3, { version: 2, validTo: '2026-12-31' }],
  ])('takes %s', (_, existing, next, version, closes) => {
    expect(place(existing, next)).toEqual({ version, closes });
  });

  it.each<[string, readonly VersionPeriod[], Period, number]>([
    ['a piece out of the middle', open, { validFrom: '2026-03-01', validTo: '2026-03-31' }, 1],
    ['more than one version', two, { validFrom: '2026-06-01', validTo: null }, 2],
    ['a version from before it began', open, { validFrom: '2025-12-01', validTo: null }, 1],
    ['one day too many', two, { validFrom: '2026-06-01', validTo: '2026-07-01' }, 2],
  ])('refuses %s', (_, existing, next, version) => {
    expect(refusedOver(existing, next)).toEqual(['VALIDITY_OVERLAP', version]);
  });
});

it('writes version and validity into what it publishes', () => {
  const item = { version: 3, validFrom: '2027-01-01', validTo: null };
  expect(stamped('calendar', { code: 'x', version: 1, validTo: '2026-12-31' }, item)).toEqual({ code: 'x', version: 3, validFrom: '2027-01-01', validTo: null });
  expect(stamped('unit', { code: 'H99' }, item)).toEqual({ code: 'H99', validFrom: '2027-01-01', validTo: null });
});
