import { levelOf, type Level } from './standing.rules.js';

describe('where a group stands beside its database', () => {
  it.each<[string, Level, { low: number; high: number; committed: number | undefined; place: number | undefined }]>([
    ['nobody has read anything', 'level', { low: 0, high: 9, committed: undefined, place: undefined }],
    ['both know the same', 'level', { low: 0, high: 9, committed: 5, place: 4 }],
    ['the broker was told late', 'level', { low: 0, high: 9, committed: 3, place: 6 }],
    ['all was read', 'level', { low: 0, high: 9, committed: 9, place: 8 }],
    ['the group was forgotten, the log is the same', 'level', { low: 0, high: 9, committed: undefined, place: 6 }],
    ['the database was put back', 'ahead', { low: 0, high: 9, committed: 7, place: 3 }],
    ['by one event', 'ahead', { low: 0, high: 9, committed: 5, place: 3 }],
    ['the database is new, the group is not', 'ahead', { low: 0, high: 9, committed: 7, place: undefined }],
    ['part of what it would read again is gone', 'ahead', { low: 5, high: 9, committed: 7, place: 3 }],
    ['put back, and the log was cut at its end', 'level', { low: 9, high: 9, committed: 7, place: 3 }],
    ['declared, and the log was cut at its end', 'level', { low: 9, high: 12, committed: 9, place: undefined }],
    ['the end of the log was lost, and the group remembers it', 'level', { low: 0, high: 96, committed: 101, place: 95 }],
    ['the end of the log was lost, and the database was put back', 'ahead', { low: 0, high: 96, committed: 101, place: 90 }],
    ['the whole log was lost, and the group remembers it', 'level', { low: 0, high: 0, committed: 9, place: -1 }],
    ['retention took what nobody read', 'level', { low: 6, high: 9, committed: 4, place: 3 }],
    ['the broker came back with nothing', 'another', { low: 0, high: 0, committed: undefined, place: 3 }],
    ['and has been told a little since', 'another', { low: 0, high: 3, committed: 2, place: 3 }],
  ])('%s: %s', (_, level, { place, ...standing }) => {
    expect(levelOf({ topic: 'records.x', shard: 0, ...standing }, place)).toBe(level);
  });
});
