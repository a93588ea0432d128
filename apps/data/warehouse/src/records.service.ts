import { Injectable } from '@nestjs/common';
import { unitsInScope, type UnitScope } from '@quan-so/auth';
import { type Actor, type Answer, type Call, type Page } from '@quan-so/contract';
import {
  DATASET_READ,
  demandPurpose,
  type ListRecordHistory,
  type ListRecords,
  type ReadRecord,
  type ReadRecordsByCode,
  type RecordAnswer,
  type RecordsAnswer,
  type RecordVersionView,
  type RecordView,
} from '@quan-so/contracts-data';
import { formatInstant } from '@quan-so/language';
import { Work, type Sql } from '@quan-so/persistence';
import { demandUnit, getDataset } from './permitted.rules.js';
import { wordsOf } from './record.rules.js';
import { recordView, SHOWN_FIELDS, versionView } from './record.view.js';
import { findRecord, findRecords, listHeard, listVersions, type RecordRow } from './records.queries.js';

/** Codes are unique per owner, but nothing here may rest on it. */
const MOST_BY_CODE = 20;

interface Asked {
  readonly actor: Actor;
  readonly params: { readonly dataset: string };
  readonly purpose: string | undefined;
}

/**
 * Reads of personal data. Access comes first: dataset, purpose, unit, each refused in words of its own. Then the rows are
 * read, then the access entry is committed, then the answer leaves; `Work.read` keeps that order, also when nothing was found.
 */
@Injectable()
export class RecordsService {
  constructor(private readonly work: Work) {}

  async list(call: Call<typeof ListRecords>): Promise<Answer<Page<RecordView>>> {
    const { dataset, scope } = permitted(call);
    const { query } = call;
    const { limit, after } = query;
    demandUnit(scope, query.unit);
    const body = await this.work.read(call, async (sql) => {
      const rows = await findRecords(sql, {
        dataset,
        scope,
        code: query.code,
        unit: query.unit,
        status: query.status,
        changedFrom: query['changedAt.gte'],
        changedBefore: query['changedAt.lt'],
        words: wordsOf(query.q ?? ''),
        after: after === undefined ? undefined : String(after[0]),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const page: Page<RecordView> = {
        items: shown.map(recordView),
        ...(last === undefined ? {} : { after: [last.key] }),
        ...asOfOfPage(await asOf(sql, dataset)),
      };
      return { value: page, objects: shown.map((row) => objectOf(dataset, row)), fields: [...SHOWN_FIELDS] };
    });
    return { body };
  }

  async byCode(call: Call<typeof ReadRecordsByCode>): Promise<Answer<RecordsAnswer>> {
    const { dataset, scope } = permitted(call);
    const body = await this.work.read(call, async (sql) => {
      const rows = await findRecords(sql, { dataset, scope, code: call.params.code, limit: MOST_BY_CODE });
      const value: RecordsAnswer = { result: rows.length > 0 ? 'data' : 'none', records: rows.map(recordView), asOf: await asOf(sql, dataset) };
      return { value, objects: rows.map((row) => objectOf(dataset, row)), fields: [...SHOWN_FIELDS] };
    });
    return { body };
  }

  async read(call: Call<typeof ReadRecord>): Promise<Answer<RecordAnswer>> {
    const { dataset, scope } = permitted(call);
    const body = await this.work.read(call, async (sql) => {
      const row = await findRecord(sql, dataset, call.params.key, scope);
      const value: RecordAnswer = { result: row === undefined ? 'none' : 'data', record: row === undefined ? null : recordView(row), asOf: await asOf(sql, dataset) };
      return { value, objects: row === undefined ? [] : [objectOf(dataset, row)], fields: [...SHOWN_FIELDS] };
    });
    return { body, ...(body.record === null ? {} : { version: body.record.version }) };
  }

  /** Who may see a record now may see what it was, whichever unit it belonged to then. */
  async history(call: Call<typeof ListRecordHistory>): Promise<Answer<Page<RecordVersionView>>> {
    const { dataset, scope } = permitted(call);
    const { limit, after } = call.query;
    const body = await this.work.read(call, async (sql) => {
      const now = await findRecord(sql, dataset, call.params.key, scope);
      const before = after === undefined ? undefined : Number(after[0]);
      const rows = now === undefined ? [] : await listVersions(sql, dataset, now.key, before, limit + 1);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const page: Page<RecordVersionView> = {
        items: shown.map(versionView),
        ...(last === undefined ? {} : { after: [last.version] }),
        ...asOfOfPage(await asOf(sql, dataset)),
      };
      return { value: page, objects: now === undefined ? [] : [objectOf(dataset, now)], fields: [...SHOWN_FIELDS, 'history'] };
    });
    return { body };
  }
}

function permitted({ actor, params, purpose }: Asked): { dataset: string; scope: UnitScope } {
  const dataset = getDataset(params.dataset);
  demandPurpose(dataset, purpose);
  return { dataset: dataset.code, scope: unitsInScope(actor, DATASET_READ) };
}

function objectOf(dataset: string, row: RecordRow): string {
  return `${dataset}:${row.key}`;
}

/** Up to when the owner of the dataset has been heard; null before its first event. */
async function asOf(sql: Sql, dataset: string): Promise<string | null> {
  const heard = (await listHeard(sql)).find((row) => row.dataset === dataset);
  return heard === undefined ? null : formatInstant(heard.heard_at.getTime());
}

function asOfOfPage(instant: string | null): { asOf?: string } {
  return instant === null ? {} : { asOf: instant };
}
