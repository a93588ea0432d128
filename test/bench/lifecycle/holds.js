/** Reckonings are told by the clock and counted apart. */
/** What must be in each side's database after so many lives (and one dossier received twice under one key): nothing lost, nothing double. */

/** Received by the test of the same key. */
const REPEATED = 1;

/** @typedef {import('./database.js').Sql} Sql */

/** @param {Sql} sql @param {number} lives */
export async function houseHolds(sql, lives) {
  const [row] = await sql(`SELECT (SELECT count(*) FROM dossier WHERE version = 4 AND state = 'reviewed')::int AS dossiers,
            (SELECT count(*) FROM dossier_history)::int AS history,
            (SELECT count(DISTINCT (dossier_id, version)) FROM dossier_history)::int AS versions,
            (SELECT count(*) FROM idempotency_key WHERE version IS NOT NULL)::int AS keys,
            (SELECT count(*) FROM outbox WHERE kind = 'records' AND type NOT LIKE '%.reckoning.v1')::int AS facts,
            (SELECT count(*) FROM outbox WHERE kind = 'audit' AND type NOT LIKE '%.reckoning.v1')::int AS audits,
            (SELECT count(*) FROM outbox WHERE published_at IS NULL)::int AS unsent`,
  );
  same('dossiers', row, due(lives));
}

/** @param {Sql} sql @param {number} lives */
export async function typeormHolds(sql, lives) {
  const [row] = await sql(`SELECT (SELECT count(*) FROM dossier WHERE version = 4 AND state = 'reviewed')::int AS dossiers,
            (SELECT count(*) FROM history_entry)::int AS history,
            (SELECT count(DISTINCT ("dossierId", version)) FROM history_entry)::int AS versions,
            (SELECT count(*) FROM idempotency_key)::int AS keys,
            (SELECT count(*) FROM outbox_event WHERE topic = 'records.dossiers')::int AS facts,
            (SELECT count(*) FROM outbox_event WHERE topic = 'audit.dossiers')::int AS audits,
            (SELECT count(*) FROM outbox_event WHERE "publishedAt" IS NULL)::int AS unsent`,
  );
  same('typeorm', row, due(lives));
}

/** Each life: four versions with history, key and fact; an audit entry of each, and one of the read. @param {number} lives */
function due(lives) {
  const versions = 4 * lives + REPEATED;
  return { dossiers: lives, history: versions, versions, keys: versions, facts: versions, audits: versions + lives, unsent: 0 };
}

/** @param {Sql} sql @param {number} lives */
export async function engineHolds(sql, lives) {
  const [row] = await sql(`SELECT (SELECT count(*) FROM act_ru_task WHERE task_def_key_ = 'decide')::int AS waiting,
            (SELECT count(*) FROM act_ru_task)::int AS open,
            (SELECT count(*) FROM act_hi_taskinst WHERE end_time_ IS NOT NULL)::int AS completed,
            (SELECT count(*) FROM act_ru_variable WHERE name_ = 'state' AND text_ = 'reviewed')::int AS reviewed`,
  );
  same('operaton', row, { waiting: lives, open: lives, completed: 3 * lives, reviewed: lives });
}

/** @param {string} who @param {Record<string, unknown> | undefined} got @param {Record<string, number>} wanted */
function same(who, got, wanted) {
  const wrong = Object.entries(wanted).filter(([name, value]) => got?.[name] !== value);
  if (wrong.length > 0) throw new Error(`${who}: ${wrong.map(([name, value]) => `${name} ${got?.[name]}, due ${value}`).join('; ')}`);
}
