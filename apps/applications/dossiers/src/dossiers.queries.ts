import { type UnitScope } from '@quan-so/auth';
import { type Sql } from '@quan-so/persistence';
import { type HistoryRow } from './dossier.view.js';
import { type DossierState } from './dossier.state.js';

interface Document {
  readonly document: DossierState;
}

export async function findDossier(sql: Sql, id: string): Promise<DossierState | undefined> {
  const [row] = await sql<Document>('dossier-by-id', 'SELECT document FROM dossier WHERE id = $1', [id]);
  return row?.document;
}

export async function findDossierByCode(sql: Sql, code: string): Promise<DossierState | undefined> {
  const [row] = await sql<Document>('dossier-by-code', 'SELECT document FROM dossier WHERE code = $1', [code]);
  return row?.document;
}

/** The dossier as it was at a version: what a repeated request is answered with. */
export async function getDossierAt(sql: Sql, id: string, version: number): Promise<DossierState> {
  const [row] = await sql<Document>(
    'dossier-at-version',
    'SELECT document FROM dossier_history WHERE dossier_id = $1 AND version = $2',
    [id, version],
  );
  if (row === undefined) throw new Error('history has no such version');
  return row.document;
}

export async function listHistory(sql: Sql, id: string): Promise<HistoryRow[]> {
  return sql<HistoryRow>(
    'dossier-history',
    `SELECT version, at, command, from_state, to_state, actor, note, trace_id, document #>> '{deadline,dueAt}' AS due_at
       FROM dossier_history WHERE dossier_id = $1 ORDER BY version`,
    [id],
  );
}

/**
 * Next serial of a unit and local day. The row's lock is held to the end of the transaction: codes are given in commit
 * order and a rollback leaves no gap. Callers take it last, to hold it shortly.
 */
export async function nextSerial(sql: Sql, unit: string, day: string): Promise<number> {
  const [row] = await sql<{ last: number }>(
    'code-counter-next',
    `INSERT INTO code_counter (unit, day, last) VALUES ($1, $2, 1)
     ON CONFLICT (unit, day) DO UPDATE SET last = code_counter.last + 1 RETURNING last`,
    [unit, day],
  );
  if (row === undefined) throw new Error('the counter gave no number');
  return row.last;
}

/** Columns beside the document that only the row has. */
export interface Indexed {
  readonly status: number;
  readonly senderDigest: string | null;
  readonly applicantIndex: string | null;
  readonly searchKey: string;
}

/** A step as its history row keeps it, beside the dossier after it. */
export interface NewStep {
  readonly at: Date;
  readonly command: string;
  readonly from: string | null;
  readonly actor: HistoryRow['actor'];
  readonly note: string | null;
  readonly traceId: string;
}

/** Values of the history's columns that the dossier does not have, in their order: at, command, from_state, actor, note, trace_id. */
function stepValues({ at, command, from, actor, note, traceId }: NewStep): readonly unknown[] {
  return [at, command, from, JSON.stringify(actor), note, traceId];
}

/**
 * Inserts the dossier with the first row of its history, in one round trip: no version is ever without its history. False
 * when the code is taken (the other transaction has committed by then).
 */
export async function insertDossier(sql: Sql, state: DossierState, indexed: Indexed, step: NewStep): Promise<boolean> {
  const rows = await sql<{ dossier_id: string }>(
    'dossier-insert',
    `WITH inserted AS (
       INSERT INTO dossier (id, version, code, sender_digest, state, status, procedure_code, procedure_version, calendar_code,
                            calendar_version, unit, receiving_unit, assignee, received_at, due_at, applicant_index, search_key, document)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
       ON CONFLICT (code) DO NOTHING RETURNING id)
     INSERT INTO dossier_history (dossier_id, version, at, command, from_state, to_state, actor, note, trace_id, document)
     SELECT id, $2, $19, $20, $21, $5, $22, $23, $24, $18 FROM inserted RETURNING dossier_id`,
    [
      state.id,
      state.version,
      state.code,
      indexed.senderDigest,
      state.state,
      indexed.status,
      state.procedure.code,
      state.procedure.version,
      state.deadline?.calendar.code ?? null,
      state.deadline?.calendar.version ?? null,
      state.unit,
      state.receivingUnit,
      state.assignee,
      state.receivedAt,
      state.deadline?.dueAt ?? null,
      indexed.applicantIndex,
      indexed.searchKey,
      JSON.stringify(state),
      ...stepValues(step),
    ],
  );
  return rows.length === 1;
}

/** A dossier by code with the digest of what was handed in under it. */
export async function findSenderDigest(sql: Sql, code: string): Promise<{ digest: string | null; document: DossierState } | undefined> {
  const [row] = await sql<{ digest: string | null; document: DossierState }>(
    'dossier-sender-digest',
    'SELECT sender_digest AS digest, document FROM dossier WHERE code = $1',
    [code],
  );
  return row;
}

/** Moves the row from `version - 1` to the state's version and writes its history, in one round trip; false when somebody was faster. */
export async function updateDossier(sql: Sql, state: DossierState, status: number, step: NewStep): Promise<boolean> {
  const rows = await sql<{ dossier_id: string }>(
    'dossier-update',
    `WITH moved AS (
       UPDATE dossier SET version = $2, state = $3, status = $4, calendar_code = $5, calendar_version = $6, assignee = $7, due_at = $8, document = $9
        WHERE id = $1 AND version = $2 - 1 RETURNING id)
     INSERT INTO dossier_history (dossier_id, version, at, command, from_state, to_state, actor, note, trace_id, document)
     SELECT id, $2, $10, $11, $12, $3, $13, $14, $15, $9 FROM moved RETURNING dossier_id`,
    [
      state.id,
      state.version,
      state.state,
      status,
      state.deadline?.calendar.code ?? null,
      state.deadline?.calendar.version ?? null,
      state.assignee,
      state.deadline?.dueAt ?? null,
      JSON.stringify(state),
      ...stepValues(step),
    ],
  );
  return rows.length === 1;
}

/** What of the dossiers a caller sees and asks for; undefined means no condition. */
export interface DossierFilter {
  readonly scope: UnitScope;
  /** Asks for what is assigned to them when the scope says `own`. */
  readonly username: string;
  readonly unit: string | undefined;
  readonly status: readonly number[] | undefined;
  readonly procedure: string | undefined;
  readonly from: string | undefined;
  readonly before: string | undefined;
  /** Letters and digits without marks; a word of the dossier begins with each. */
  readonly words: readonly string[];
  readonly after: readonly [receivedAt: string, id: string] | undefined;
  readonly limit: number;
}

/**
 * One page, latest receipt first. Receipt and id never change, so a row is neither shown twice nor left out while
 * dossiers move on. One statement with optional conditions: named, and planned once per connection.
 */
export async function listDossiers(sql: Sql, f: DossierFilter): Promise<(Document & { at: string })[]> {
  const trees = f.scope.all ? null : f.scope.units;
  return sql<Document & { at: string }>(
    'dossier-list',
    `SELECT document, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM dossier
      WHERE ($1::text[] IS NULL
             OR EXISTS (SELECT 1 FROM unnest($1::text[]) tree
                         WHERE unit = tree OR unit LIKE tree || '.%' OR receiving_unit = tree OR receiving_unit LIKE tree || '.%')
             OR unit = ANY ($2::text[]) OR receiving_unit = ANY ($2::text[])
             OR assignee = $3)
        AND ($4::text IS NULL OR unit = $4 OR unit LIKE $4 || '.%' OR receiving_unit = $4 OR receiving_unit LIKE $4 || '.%')
        AND ($5::smallint[] IS NULL OR status = ANY ($5))
        AND ($6::text IS NULL OR procedure_code = $6)
        AND ($7::timestamptz IS NULL OR received_at >= $7)
        AND ($8::timestamptz IS NULL OR received_at < $8)
        AND search_key LIKE ALL ($9::text[])
        AND ($10::timestamptz IS NULL OR (received_at, id) < ($10, $11::uuid))
      ORDER BY received_at DESC, id DESC LIMIT $12`,
    [
      trees,
      f.scope.all ? [] : f.scope.exactUnits,
      !f.scope.all && f.scope.own ? f.username : null,
      f.unit ?? null,
      f.status ?? null,
      f.procedure ?? null,
      f.from ?? null,
      f.before ?? null,
      f.words.map((word) => `% ${word}%`),
      f.after?.[0] ?? null,
      f.after?.[1] ?? null,
      f.limit,
    ],
  );
}

/** Calendars that open dossiers were counted by, with the oldest version among them. */
export async function listCalendarsInUse(sql: Sql): Promise<{ code: string; oldest: number }[]> {
  return sql(
    'dossier-calendars-in-use',
    `SELECT calendar_code AS code, min(calendar_version) AS oldest FROM dossier
      WHERE calendar_code IS NOT NULL AND status IN (2, 4, 5) GROUP BY calendar_code ORDER BY calendar_code`,
  );
}

/** Some open dossiers counted by an older version of a calendar, held until the transaction ends; in order of id. */
export async function takeOutdated(sql: Sql, calendar: string, version: number, limit: number): Promise<DossierState[]> {
  const rows = await sql<Document>(
    'dossier-outdated-by-calendar',
    `SELECT document FROM dossier
      WHERE calendar_code = $1 AND status IN (2, 4, 5) AND calendar_version < $2
      ORDER BY id LIMIT $3 FOR UPDATE`,
    [calendar, version, limit],
  );
  return rows.map((row) => row.document);
}

/** Under which procedures, in which versions, the dossiers of `takeOutdated` were received. */
export async function listOutdatedProcedures(sql: Sql, calendar: string, version: number): Promise<{ code: string; version: number }[]> {
  return sql(
    'dossier-outdated-procedures',
    `SELECT DISTINCT procedure_code AS code, procedure_version AS version FROM dossier
      WHERE calendar_code = $1 AND status IN (2, 4, 5) AND calendar_version < $2`,
    [calendar, version],
  );
}
