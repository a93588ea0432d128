import { describe, expect, it } from '@jest/globals';
import { perEvent, reportOf } from './report.js';

const cpu = (given) => ({ service: 0, bare: 0, connect: 0, postgres: 0, kafka: 0, ...given });
const paced = (ms, given) => [{ rate: 100, events: 2, us: 1e6, cpu: cpu(given), fromCommit: [ms, 2 * ms], fromDue: [3 * ms, 4 * ms], late: 1 }];
const side = (ms, given, drained) => ({
  paced: paced(ms, given),
  drain: drained === undefined ? undefined : { events: 10, us: 1e6, cpu: cpu(drained) },
  pss: { service: 120e6, bare: 100e6, connect: 300e6 },
  wrong: { twice: 0, disordered: 0 },
});
const results = {
  // 10 events: the service used 1,000 µs, of which 400 are what the bare one used for writing as many.
  relay: side(1, { service: 500, postgres: 60 }, { service: 1_000, postgres: 200, kafka: 100 }),
  poll50: side(40, { bare: 100, connect: 900 }),
  best: side(4, { bare: 100, connect: 700 }, { bare: 400, connect: 6_000, postgres: 300, kafka: 100 }),
};

describe('the report of the outbox scene', () => {
  it('counts for the relay what its service used beyond the writing', () => {
    expect(perEvent(results, 'relay')).toEqual({ carrier: 60, postgres: 20, kafka: 10 });
    expect(perEvent(results, 'best')).toEqual({ carrier: 600, postgres: 30, kafka: 10 });
    expect(perEvent(results, 'relay', 100).carrier).toBe(200);
  });

  it('holds the worst rate against the targets', () => {
    const { targets, ratios, rounds } = reportOf([{ round: 1, order: ['relay', 'poll50', 'best'], results }], { rates: [100], seconds: 1, backlog: 10 }, {});
    expect(targets.map(({ got, met }) => [got, met])).toEqual([['0.025 (0.025–0.025)', true], ['0.25 (0.25–0.25)', true], ['10 (10–10)', true]]);
    expect(ratios.at(-1)?.spread.median).toBe(15);
    expect(rounds[0]).toMatchObject({ results: { relay: { paced: [{ fromCommit: { p99: 2 } }] } } });
  });
});
