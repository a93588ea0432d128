import { Injectable } from '@nestjs/common';
import { Refusal, type Answer, type Page } from '@quan-so/contract';
import { REFERENCE_NOT_FOUND, type ReferenceKind } from '@quan-so/contracts-data';
import { formatInstant, localDateOf } from '@quan-so/language';
import { Database } from '@quan-so/persistence';
import { Clock } from '@quan-so/service';
import { findInForce, listInForce, type ItemRow } from './reference.queries.js';

/** One version as it is answered; the body has the shape of its kind, checked when it was published. */
export interface ItemView<B> {
  readonly code: string;
  readonly version: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly publishedAt: string;
  readonly body: B;
}

interface ListAsked {
  readonly query: { readonly on?: string | undefined; readonly limit: number; readonly after: readonly (string | number)[] | undefined };
}

/** PostgreSQL knows no year 0; nothing was in force before the first day it knows either. */
const FIRST_DAY = '0001-01-01';

/** What is in force on a day. Public: no actor, no personal data. */
@Injectable()
export class ReferenceService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async list<B>(kind: ReferenceKind, { query }: ListAsked): Promise<Answer<Page<ItemView<B>>>> {
    const rows = await listInForce(this.database.sql, kind, this.dayOf(query.on), String(query.after?.[0] ?? ''), query.limit + 1);
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return { body: { items: shown.map((row) => viewOf<B>(row)), ...(last === undefined ? {} : { after: [last.code] }) } };
  }

  /** Throws Refusal REFERENCE_NOT_FOUND. */
  async get<B>(kind: ReferenceKind, code: string, query: { readonly on?: string | undefined }): Promise<Answer<ItemView<B>>> {
    const row = await findInForce(this.database.sql, kind, code, this.dayOf(query.on));
    if (row === undefined) throw new Refusal(REFERENCE_NOT_FOUND);
    return { body: viewOf<B>(row), version: row.revision };
  }

  /** The authority of this database; there is one. Throws Refusal REFERENCE_NOT_FOUND for a day before it was. */
  async getAuthority<B>(query: { readonly on?: string | undefined }): Promise<Answer<ItemView<B>>> {
    const [row] = await listInForce(this.database.sql, 'authority', this.dayOf(query.on), '', 1);
    if (row === undefined) throw new Refusal(REFERENCE_NOT_FOUND);
    return { body: viewOf<B>(row), version: row.revision };
  }

  private dayOf(on: string | undefined): string {
    const day = on ?? localDateOf(this.clock.now().getTime());
    return day < FIRST_DAY ? FIRST_DAY : day;
  }
}

function viewOf<B>(row: ItemRow): ItemView<B> {
  return {
    code: row.code,
    version: row.version,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    publishedAt: formatInstant(row.published_at.getTime()),
    body: row.body as B,
  };
}
