import { Injectable } from '@nestjs/common';
import { Refusal, type Answer, type Call, type Page } from '@quan-so/contract';
import {
  PROPOSAL_NOT_FOUND,
  ReferencePublished,
  type ListProposals,
  type ProposalView,
  type ProposeReference,
  type PublishProposal,
  type ReadProposal,
  type RejectProposal,
} from '@quan-so/contracts-data';
import { Database, uuidv7, versionMismatch, Work, type Sql, type StoredAnswer, type Tx } from '@quan-so/persistence';
import { tellBeat } from './beat.service.js';
import { demandCurrent, demandOpen, demandOtherPerson } from './proposal.rules.js';
import { decideProposal, findProposal, insertProposal, listProposals, personOf, proposalView, type ProposalRow } from './proposals.queries.js';
import { fit, publishedOf } from './publication.rules.js';
import { closeItem, insertItem, listAll, takeTurn } from './reference.queries.js';
import { stamped, type Placement } from './reference.rules.js';

/** One person proposes, another publishes; what was published is told in the same transaction. */
@Injectable()
export class ProposalsService {
  constructor(
    private readonly work: Work,
    private readonly database: Database,
  ) {}

  propose(call: Call<typeof ProposeReference>): Promise<Answer<ProposalView>> {
    return this.work.change(call, {
      work: async (tx) => {
        const { kind, body, reason } = call.body;
        const placement = fit(await listAll(tx.sql), kind, body);
        const row: ProposalRow = {
          ...{ id: uuidv7(), version: 1, state: 'proposed', kind, code: body.code, based_on: placement.version - 1, reason, body },
          ...{ proposed_by: personOf(call.actor), proposed_at: tx.now, decided_by: null, decided_at: null, note: null, published_version: null },
        };
        await insertProposal(tx.sql, row);
        tx.audit([`proposal:${row.id}`, `${kind}:${row.code}`], ['body', 'reason']);
        return { id: row.id, version: 1, body: proposalView(row), status: 201, location: `/api/catalog/v1/proposals/${row.id}` };
      },
      recall,
    });
  }

  publish(call: Call<typeof PublishProposal>): Promise<Answer<ProposalView>> {
    return this.work.change(call, {
      work: async (tx) => {
        const at = await takeTurn(tx.sql);
        const proposal = await getProposalAt(tx.sql, call.params.proposalId, call.ifMatch);
        demandOpen(proposal);
        demandOtherPerson(proposal, call.actor);
        const all = await listAll(tx.sql);
        const versions = all.filter((row) => row.kind === proposal.kind && row.code === proposal.code).map((row) => row.version);
        demandCurrent(proposal, Math.max(0, ...versions));
        const placement = fit(all, proposal.kind, proposal.body);
        await publishVersion(tx, proposal, placement, at);
        await tellBeat(tx, at, 0);
        const decision = { state: 'published', publishedVersion: placement.version, note: call.body.note ?? null } as const;
        return this.decided(tx, proposal, call, decision, at);
      },
      recall,
    });
  }

  reject(call: Call<typeof RejectProposal>): Promise<Answer<ProposalView>> {
    return this.work.change(call, {
      work: async (tx) => {
        const proposal = await getProposalAt(tx.sql, call.params.proposalId, call.ifMatch);
        demandOpen(proposal);
        return this.decided(tx, proposal, call, { state: 'rejected', publishedVersion: null, note: call.body.note }, tx.now);
      },
      recall,
    });
  }

  async list(call: Call<typeof ListProposals>): Promise<Answer<Page<ProposalView>>> {
    const { limit, after, state, kind, code } = call.query;
    const rows = await listProposals(this.database.sql, { state, kind, code, after: after === undefined ? undefined : String(after[0]), limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { body: { items: shown.map((row) => proposalView(row)), ...(last === undefined ? {} : { after: [last.id] }) } };
  }

  async read(call: Call<typeof ReadProposal>): Promise<Answer<ProposalView>> {
    const row = await getProposal(this.database.sql, call.params.proposalId);
    return { body: proposalView(row), version: row.version };
  }

  private async decided(
    tx: Tx,
    proposal: ProposalRow,
    call: Call<typeof PublishProposal> | Call<typeof RejectProposal>,
    decision: { state: 'published' | 'rejected'; publishedVersion: number | null; note: string | null },
    at: Date,
  ): Promise<{ id: string; version: number; body: ProposalView }> {
    const row = await decideProposal(tx.sql, { ...decision, id: proposal.id, version: proposal.version, by: personOf(call.actor), at });
    if (row === undefined) throw versionMismatch(proposal.version + 1);
    tx.audit([`proposal:${row.id}`, `${row.kind}:${row.code}`], ['state', 'note']);
    return { id: row.id, version: row.version, body: proposalView(row) };
  }
}

/** Ends the version before, adds the new one and tells both, the ended one first. */
async function publishVersion(tx: Tx, proposal: ProposalRow, { version, closes }: Placement, at: Date): Promise<void> {
  const { kind, code } = proposal;
  const subject = `${kind}:${code}`;
  if (closes !== undefined) {
    tx.emit(ReferencePublished, subject, publishedOf(await closeItem(tx.sql, kind, code, closes.version, closes.validTo)));
  }
  const { validFrom, validTo } = proposalView(proposal);
  const body = stamped(kind, proposal.body, { version, validFrom, validTo });
  await insertItem(tx.sql, { kind, code, version, validFrom, validTo, publishedAt: at, proposalId: proposal.id, body });
  tx.emit(ReferencePublished, subject, publishedOf({ kind, code, version, valid_from: validFrom, valid_to: validTo, published_at: at, body }));
}

async function getProposal(sql: Sql, id: string): Promise<ProposalRow> {
  const row = await findProposal(sql, id);
  if (row === undefined) throw new Refusal(PROPOSAL_NOT_FOUND);
  return row;
}

async function getProposalAt(sql: Sql, id: string, version: number | undefined): Promise<ProposalRow> {
  const row = await getProposal(sql, id);
  if (row.version !== version) throw versionMismatch(row.version);
  return row;
}

async function recall(sql: Sql, stored: StoredAnswer): Promise<ProposalView> {
  return proposalView(await getProposal(sql, stored.id), stored.version);
}
