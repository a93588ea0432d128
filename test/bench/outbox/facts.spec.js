import { describe, expect, it } from '@jest/globals';
import { RecordChanged } from '@quan-so/contracts-data';
import { dataOf, envelopeOf, numberIn, subjectOf, SUBJECTS, TEMPLATE } from './facts.js';

describe('what the outbox scene tells', () => {
  it('is a change as the contract has it, of the size changes have', () => {
    expect(RecordChanged.schema.safeParse(dataOf(1_234_567)).error).toBeUndefined();
    expect(envelopeOf(7, 'x', 'y').length).toBeGreaterThan(1_500);
  });

  it('has a number that is found again, and versions that rise by subject', () => {
    expect(numberIn(envelopeOf(1_234_567, 'x', 'y'))).toBe(1_234_567);
    expect(numberIn('{"type":"vn.quanso.data.reckoning.v1"}')).toBeUndefined();
    expect(subjectOf(3)).toBe(subjectOf(3 + SUBJECTS));
    expect([dataOf(3).version, dataOf(3 + SUBJECTS).version]).toEqual([1, 2]);
  });

  it('is the same text when SQL writes it', () => {
    const n = 4_567;
    const filled = TEMPLATE.replaceAll('@N@', String(n).padStart(7, '0')).replaceAll('@SUBJECT@', subjectOf(n)).replaceAll('@VERSION@', '5').replace('@ID@', 'x');
    expect(filled).toBe(envelopeOf(n, 'x', '2026-11-26T09:00:00.000+07:00'));
  });
});
