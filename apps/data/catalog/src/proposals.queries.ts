import { type Actor } from '@quan-so/contract';
import { type ProposalView, type ReferenceKind } from '@quan-so/contracts-data';
import { formatInstant } from '@quan-so/language';
import { type Sql } from '@quan-so/persistence';
import { type Body } from './reference.queries.js';

/** Who did it: enough to keep two persons apart and to show a name. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly unit: string | null;
}

export interface ProposalRow {
  readonly id: string;
  readonly version: number;
  readonly state: ProposalView['state'];
  readonly kind: ReferenceKind;
  readonly code: string;
  readonly based_on: number;
  readonly reason: string;
  readonly body: Body;
  readonly proposed_by: Person;
  readonly proposed_at: Date;
  readonly decided_by: Person | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
  readonly published_version: number | null;
}

const COLUMNS =
  'id, version, state, kind, code, based_on, reason, body, proposed_by, proposed_at, decided_by, decided_at, note, published_version';

export function personOf(actor: Actor): Person {
  return { id: actor.id, username: actor.username, name: actor.name, unit: actor.positions[0]?.unit ?? null };
}

export async function insertProposal(sql: Sql, proposal: ProposalRow): Promise<void> {
  const p = proposal;
  await sql(
    'proposal-insert',
    `INSERT INTO proposal (id, version, state, kind, code, based_on, reason, body, proposed_by, proposed_at)
     VALUES ($1, 1, 'proposed', $2, $3, $4, $5, $6, $7, $8)`,
    [p.id, p.kind, p.code, p.based_on, p.reason, JSON.stringify(p.body), JSON.stringify(p.proposed_by), p.proposed_at],
  );
}

export async function findProposal(sql: Sql, id: string): Promise<ProposalRow | undefined> {
  const [row] = await sql<ProposalRow>('proposal-by-id', `SELECT ${COLUMNS} FROM proposal WHERE id = $1`, [id]);
  return row;
}

/** Decides the proposal when it still is at `version`; undefined when somebody was faster. */
export async function decideProposal(
  sql: Sql,
  decision: { id: string; version: number; state: 'published' | 'rejected'; by: Person; at: Date; note: string | null; publishedVersion: number | null },
): Promise<ProposalRow | undefined> {
  const d = decision;
  const [row] = await sql<ProposalRow>(
    'proposal-decide',
    `UPDATE proposal SET version = version + 1, state = $3, decided_by = $4, decided_at = $5, note = $6, published_version = $7
      WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
    [d.id, d.version, d.state, JSON.stringify(d.by), d.at, d.note, d.publishedVersion],
  );
  return row;
}

export interface ProposalFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly code?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Newest first: ids are UUIDv7 and never change. */
export function listProposals(sql: Sql, filter: ProposalFilter): Promise<ProposalRow[]> {
  return sql<ProposalRow>(
    'proposals',
    `SELECT ${COLUMNS} FROM proposal
      WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR code = $3)
        AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`,
    [filter.state ?? null, filter.kind ?? null, filter.code ?? null, filter.after ?? null, filter.limit],
  );
}

/** The proposal as it was at a version: 1 proposed, 2 decided. A repeated request gets the same answer again. */
export function proposalView(row: ProposalRow, version = row.version): ProposalView {
  const decided = version > 1;
  return {
    id: row.id,
    version,
    state: decided ? row.state : 'proposed',
    kind: row.kind,
    code: row.code,
    basedOn: row.based_on,
    validFrom: String(row.body['validFrom']),
    validTo: (row.body['validTo'] as string | null | undefined) ?? null,
    reason: row.reason,
    body: row.body as ProposalView['body'],
    proposedBy: shown(row.proposed_by),
    proposedAt: formatInstant(row.proposed_at.getTime()),
    decidedBy: decided && row.decided_by !== null ? shown(row.decided_by) : null,
    decidedAt: decided && row.decided_at !== null ? formatInstant(row.decided_at.getTime()) : null,
    note: decided ? row.note : null,
    publishedVersion: decided ? row.published_version : null,
  };
}

function shown({ username, name, unit }: Person): ProposalView['proposedBy'] {
  return { username, name, unit };
}
