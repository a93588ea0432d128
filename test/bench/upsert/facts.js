/** What must stand in a side's database after a round, row by row. */
import { greatestOf } from './events.js';

/** @typedef {import('./sides.js').Sql} Sql */
/** @typedef {import('./events.js').Events} Events */
/** @typedef {{ stale: number }} Facts stale: records that do not stand at the greatest version told of them */

/**
 * The greatest version wins, every version is in the history once, counters are what a recount says, the inbox knows every
 * id once, nothing is parked. Throws otherwise.
 * @param {Sql} sql @param {Events} events @param {readonly Uint32Array[]} told @returns {Promise<Facts>}
 */
export async function factsOfWarehouse(sql, events, told) {
  const expected = keysOf(events, told);
  const stale = await staleOf(sql, expected);
  demand(stale === 0, `${stale} records are not at their greatest version`);
  const distinct = new Set(told.flatMap((codes) => [...codes])).size;
  // Versions count from 1 and are unique per record, so as many as the greatest are all of them.
  const history = await sql('SELECT key::text AS key, count(*)::int AS n, max(version) AS last FROM record_history GROUP BY key');
  demand(history.length === expected.size && history.every(({ key, n, last }) => n === last && last === expected.get(key)), 'a history is not whole');
  demand(history.reduce((sum, { n }) => sum + n, 0) === distinct, 'versions of the history');
  const counted = await sql(`
    WITH again AS (SELECT dataset, unit, receiving_unit, status, count(*)::int AS records FROM record GROUP BY 1, 2, 3, 4),
    kept AS (SELECT dataset, unit, receiving_unit, status, records FROM record_counter WHERE records <> 0)
    SELECT (SELECT count(*)::int FROM again) AS cells, (SELECT count(*)::int FROM ((TABLE again EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE again)) AS d) AS different`);
  demand(counted[0]?.cells > 0 && counted[0]?.different === 0, 'counters differ from a recount');
  const [rest] = await sql('SELECT (SELECT count(*)::int FROM inbox) AS inbox, (SELECT count(*)::int FROM parked) AS parked');
  demand(rest?.inbox === distinct, `the inbox knows ${rest?.inbox} of ${distinct} ids`);
  demand(rest?.parked === 0, `${rest?.parked} events are parked`);
  return { stale };
}

/** Every record is there; of those that were overwritten by an older version it is told how many. @param {Sql} sql @param {Events} events @param {readonly Uint32Array[]} told @returns {Promise<Facts>} */
export async function factsOfSink(sql, events, told) {
  return { stale: await staleOf(sql, keysOf(events, told)) };
}

/** @param {Events} events @param {readonly Uint32Array[]} told @returns {Map<string, number>} key → greatest version */
function keysOf(events, told) {
  return new Map([...greatestOf(...told)].map(([record, version]) => [events.keyOf(record), version]));
}

/** @param {Sql} sql @param {ReadonlyMap<string, number>} expected */
async function staleOf(sql, expected) {
  const rows = await sql('SELECT key::text AS key, version FROM record');
  demand(rows.length === expected.size && rows.every(({ key }) => expected.has(key)), `${rows.length} records of ${expected.size}`);
  return rows.filter(({ key, version }) => expected.get(key) !== version).length;
}

/** @param {boolean} holds @param {string} what */
function demand(holds, what) {
  if (!holds) throw new Error(what);
}
