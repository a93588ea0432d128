import { describe, expect, it } from '@jest/globals';
import { reportOf } from './report.js';

const sizes = { lives: 100, warm: 0, connections: 4, warmEngineMs: 0 };
const summary = { count: 100, p50: 1, p90: 2, p99: 3, max: 4 };
/** Seconds of CPU of a hundred lives, in process and database. @param {number} node @param {number} postgres */
const shown = (node, postgres) => ({ lives: 100, us: 10_000_000, cpu: { node: node * 1e6, postgres: postgres * 1e6 }, steps: [summary, summary, summary, summary, summary] });
/** @param {number} n @param {number} ours */
const round = (n, ours) => ({ round: n, order: [], results: { house: shown(ours / 2, ours / 2), 'typeorm-express': shown(6, 4), 'typeorm-fastify': shown(4, 4), operaton: shown(12, 4) } });

describe('what rounds of lives say', () => {
  it('compares process and PostgreSQL together, and shows them apart', () => {
    const { ratios, tables, targets } = reportOf([round(1, 2), round(2, 2), round(3, 1)], sizes);
    expect(ratios.slice(0, 3).map(({ spread }) => spread)).toEqual([{ median: 5, min: 5, max: 10 }, { median: 6, min: 6, max: 12 }, { median: 4, min: 4, max: 8 }]);
    expect(targets.map(({ met, wanted }) => [met, wanted])).toEqual([[true, '≥ 5'], [false, '≥ 5'], [true, '≥ 8']]);
    expect(tables[0]?.rows[0]).toEqual(['house', '10000 (5000–10000)', '10000 (5000–10000)', '20000 (10000–20000)', '10 (10–10)']);
  });
});
