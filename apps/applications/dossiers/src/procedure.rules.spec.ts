import { Refusal } from '@quan-so/contract';
import { demandCase, demandOffered, getTerm, rulesOf } from './procedure.rules.js';
import { BUILDING, HOUSEHOLD } from './spec/reference.fixture.js';

const wordsOf = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.detail;
    throw error;
  }
  return undefined;
};
const refusal = (act: () => void): { code: string; extra: unknown } | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.problem.code, extra: error.extra };
    throw error;
  }
  return undefined;
};

describe('the rules of a case', () => {
  it('take the term of the case before the term of all', () => {
    expect(rulesOf(BUILDING, 'separate-house', 'counter').term).toEqual({ unit: 'calendar-days', value: 15 });
    expect(rulesOf(BUILDING, 'works', 'post').term).toEqual({ unit: 'calendar-days', value: 20 });
  });
  it('take the window of the channel before the window of all', () => {
    const windows = [
      { kind: 'first-notice' as const, unit: 'working-days' as const, value: 3, basis: 'NĐ 61/2018' },
      { kind: 'first-notice' as const, channel: 'online' as const, unit: 'working-hours' as const, value: 8, basis: 'NQ 66.7/2025' },
    ];
    const split = { ...BUILDING, supplement: { ...BUILDING.supplement, windows } };
    expect(rulesOf(split, 'works', 'online').supplement.windows).toEqual({ 'first-notice': { term: { unit: 'working-hours', value: 8 }, basis: 'NQ 66.7/2025' } });
    expect(rulesOf(split, 'works', 'counter').supplement.windows['first-notice']?.term).toEqual({ unit: 'working-days', value: 3 });
  });
  it('have the results of this case and channel only', () => {
    const results = [...BUILDING.results, { code: 'KQ.G17.000999', case: 'works', name: { vi: 'x', en: 'y' }, outcome: 'granted' as const }];
    expect(rulesOf({ ...BUILDING, results }, 'separate-house', 'counter').results.map(({ code }) => code)).toEqual(['KQ.G17.000311', null]);
    expect(rulesOf({ ...BUILDING, results }, 'works', 'counter').results).toHaveLength(3);
  });
  it('have a result of one channel in that channel only, with its code and outcome and nothing else', () => {
    const results = [{ code: 'KQ.G17.000998', channel: 'online' as const, name: { vi: 'x', en: 'y' }, outcome: 'granted' as const }];
    expect(rulesOf({ ...BUILDING, results }, 'works', 'online').results).toEqual([{ code: 'KQ.G17.000998', outcome: 'granted' }]);
    expect(rulesOf({ ...BUILDING, results }, 'works', 'counter').results).toEqual([]);
  });
  it('have every window of the procedure, with the manner of its notices', () => {
    const { mode, pauseEffect, maxNotices, windows } = rulesOf(BUILDING, 'works', 'counter').supplement;
    expect({ mode, pauseEffect, maxNotices }).toEqual({ mode: 'pause', pauseEffect: 'restart', maxNotices: 2 });
    expect(Object.entries(windows).map(([kind, window]) => [kind, window.term.value, window.term.unit])).toEqual([
      ['first-notice', 7, 'working-days'], ['second-notice', 5, 'working-days'], ['refuse-after-second', 3, 'working-days'], ['consult', 12, 'calendar-days'], ['person-answers', 30, 'calendar-days'],
    ]);
  });
  it('start a clock with the term they have', () => expect(getTerm(rulesOf(BUILDING, 'works', 'counter'))).toEqual({ unit: 'calendar-days', value: 20 }));
  it('cannot start a clock without a term', () => {
    expect(refusal(() => getTerm(rulesOf({ ...BUILDING, durations: [] }, 'works', 'counter')))?.code).toBe('TERM_NOT_KNOWN');
  });
});

describe('what people are offered', () => {
  it('is what somebody has verified: 1.001612 at the counter and by post, not online', () => {
    expect(refusal(() => demandOffered(HOUSEHOLD, 'one-person', 'counter'))).toBeUndefined();
    expect(refusal(() => demandOffered(HOUSEHOLD, 'one-person', 'post'))).toBeUndefined();
    expect(refusal(() => demandOffered(HOUSEHOLD, 'one-person', 'online'))).toEqual({ code: 'NOT_OFFERED', extra: { offered: ['counter', 'post'], unverified: ['term'] } });
    expect(rulesOf(HOUSEHOLD, 'one-person', 'online').unverified).toEqual(['term']);
  });
  it('is said in words: what nobody has verified, and which channels are open', () => {
    expect(wordsOf(() => demandOffered(HOUSEHOLD, 'one-person', 'online'))).toEqual({ vi: 'Chưa kiểm chứng hoặc không có: term. Kênh đang mở: counter, post.', en: 'Not verified or not there: term. Channels offered: counter, post.' });
    const unverified = { ...HOUSEHOLD, verification: HOUSEHOLD.verification.map((row) => ({ ...row, verified: !row.fields.some((field) => field === 'term' || field === 'basis') })) };
    const words = wordsOf(() => demandOffered(unverified, 'one-person', 'counter')) as { vi: string; en: string };
    expect(words.vi).toMatch(/: (term, basis|basis, term)\. Kênh đang mở: không có\.$/);
    expect(words.en).toMatch(/: (term, basis|basis, term)\. Channels offered: none\.$/);
  });
  it('has a case of the procedure', () => {
    expect(refusal(() => demandCase(BUILDING, 'separate-house'))).toBeUndefined();
    expect(refusal(() => demandCase(BUILDING, 'villa'))).toEqual({ code: 'CASE_NOT_OF_PROCEDURE', extra: { cases: ['works', 'separate-house'] } });
  });
});
