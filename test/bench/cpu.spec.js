import { describe, expect, it } from '@jest/globals';
import { cpuIn, statOf, treeOf } from './cpu.js';

describe('what a process tree costs', () => {
  // Fields 14 to 17 of proc(5): utime, stime, cutime, cstime; field 4 is the parent.
  const line = '4321 (node (a) b) S 77 4321 4321 0 -1 4194560 900 12 0 0 150 50 30 7 20 0 11 0 1121540 3133440 386';

  it('is read behind a name with brackets and spaces', () => {
    expect(statOf(line)).toEqual({ parent: 77, own: 200, reaped: 37 });
  });

  const one = (parent, own, reaped = 0) => ({ parent, own, reaped });

  it('has all that descend from a root, in whatever order they stand, and nobody else', () => {
    const all = new Map([[30, one(20, 1)], [20, one(10, 1)], [10, one(1, 1)], [40, one(1, 1)]]);
    expect([...treeOf([10], all)].sort()).toEqual([10, 20, 30]);
  });

  it('counts each process once, though two roots stand in one tree, and none that is gone', () => {
    const all = new Map([[10, one(1, 3)], [20, one(10, 5)]]);
    expect(cpuIn([10, 20, 99], all)).toBe(80_000);
  });

  it('keeps what a child used when it ended and was waited for', () => {
    const before = new Map([[10, one(1, 100)], [20, one(10, 40)]]);
    const after = new Map([[10, one(1, 110, 45)]]);
    expect(cpuIn([10], after) - cpuIn([10], before)).toBe(150_000);
  });
});
