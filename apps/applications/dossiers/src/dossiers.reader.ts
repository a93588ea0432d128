import { Injectable } from '@nestjs/common';
import { unitsInScope } from '@quan-so/auth';
import { Refusal, type Actor, type Answer, type Call, type Page } from '@quan-so/contract';
import {
  DOSSIER_NOT_FOUND,
  DOSSIER_READ,
  type DossierView,
  type JourneyView,
  type ListDossiers,
  type ReadDossier,
  type ReadDossierByCode,
  type ReadJourney,
} from '@quan-so/contracts-applications';
import { demandPurpose, DOSSIERS } from '@quan-so/contracts-data';
import { Work, type ReadCall, type Sql } from '@quan-so/persistence';
import { type DossierState } from './dossier.state.js';
import { nameOnSpan, objectOf } from './dossier.telling.js';
import { wordsOf } from './dossier.text.js';
import { journeyOf, viewOf } from './dossier.view.js';
import { findDossier, findDossierByCode, listDossiers, listHistory, type DossierFilter } from './dossiers.queries.js';
import { reaches } from './dossiers.service.js';

/** Names of the fields a reader is shown; they stand in the access entry, values never do. */
const SHOWN = ['code', 'state', 'procedure', 'summary', 'applicant', 'papers', 'deadline', 'notices', 'result', 'assignee'] as const;

/** Reads of personal data: the rows, then the access entry, then the answer; `Work.read` keeps that order. */
@Injectable()
export class DossiersReader {
  constructor(private readonly work: Work) {}

  async list(call: Call<typeof ListDossiers>): Promise<Answer<Page<DossierView>>> {
    const filter = filterOf(call);
    const body = await this.look(call, async (sql) => {
      const rows = await listDossiers(sql, { ...filter, limit: filter.limit + 1 });
      const shown = rows.slice(0, filter.limit);
      const last = rows.length > filter.limit ? shown.at(-1) : undefined;
      const value: Page<DossierView> = {
        items: shown.map(({ document }) => viewOf(document)),
        ...(last === undefined ? {} : { after: [last.at, last.document.id] }),
      };
      return { value, objects: shown.map(({ document }) => objectOf(document)), fields: SHOWN };
    });
    return { body };
  }

  read(call: Call<typeof ReadDossier>): Promise<Answer<DossierView>> {
    return this.one(call, (sql) => findDossier(sql, call.params.dossierId));
  }

  readByCode(call: Call<typeof ReadDossierByCode>): Promise<Answer<DossierView>> {
    return this.one(call, (sql) => findDossierByCode(sql, call.params.code));
  }

  async journey(call: Call<typeof ReadJourney>): Promise<Answer<JourneyView>> {
    const found = await this.look(call, async (sql) => {
      const state = visible(call.actor, await findDossier(sql, call.params.dossierId));
      const rows = state === undefined ? [] : await listHistory(sql, state.id);
      const value = state && { version: rows.at(-1)?.version ?? state.version, journey: journeyOf(state.code, rows) };
      return { value, objects: state ? [objectOf(state)] : [], fields: ['code', 'steps'] };
    });
    if (found === undefined) throw new Refusal(DOSSIER_NOT_FOUND);
    return { body: found.journey, version: found.version };
  }

  /** Purpose first, whoever asks and whatever is there. */
  private async look<T>(call: ReadCall, work: (sql: Sql) => Promise<{ value: T; objects: readonly string[]; fields: readonly string[] }>): Promise<T> {
    demandPurpose(DOSSIERS, call.purpose);
    return this.work.read(call, work);
  }

  /** A dossier outside the caller's units is absent, and the entry says that nothing was shown. */
  private async one(call: ReadCall, find: (sql: Sql) => Promise<DossierState | undefined>): Promise<Answer<DossierView>> {
    const state = await this.look(call, async (sql) => {
      const value = visible(call.actor, await find(sql));
      return { value, objects: value ? [objectOf(value)] : [], fields: SHOWN };
    });
    if (state === undefined) throw new Refusal(DOSSIER_NOT_FOUND);
    return { body: viewOf(state), version: state.version };
  }
}

function visible(actor: Actor, state: DossierState | undefined): DossierState | undefined {
  if (state === undefined || !reaches(actor, DOSSIER_READ, state)) return undefined;
  nameOnSpan(state);
  return state;
}

function filterOf({ actor, query }: Call<typeof ListDossiers>): DossierFilter {
  const { after, limit, unit, status, procedure, q } = query;
  return {
    scope: unitsInScope(actor, DOSSIER_READ),
    username: actor.username,
    unit,
    status,
    procedure,
    from: query['receivedAt.gte'],
    before: query['receivedAt.lt'],
    words: wordsOf(q ?? ''),
    after: after === undefined ? undefined : [String(after[0]), String(after[1])],
    limit,
  };
}
