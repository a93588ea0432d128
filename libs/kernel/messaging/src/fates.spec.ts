import { RECKONINGS } from '@quan-so/contract';
import { isCountedAs } from './fates.js';

describe('what is counted as heard', () => {
  it.each(['records', 'audit', 'reference'] as const)('is no reckoning of %s that was taken: a promise about changes must not be kept by them', (kind) => {
    expect(isCountedAs(RECKONINGS[kind].type, 'taken')).toBe(false);
  });

  it('is every change, what has no type, and a reckoning that does not get through', () => {
    expect([isCountedAs('vn.quanso.data.record-changed.v1', 'taken'), isCountedAs(undefined, 'CONTRACT'), isCountedAs(RECKONINGS.records.type, 'HANDLER')]).toEqual([true, true, true]);
  });
});
