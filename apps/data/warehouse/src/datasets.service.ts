import { Injectable } from '@nestjs/common';
import { unitsInScope, type UnitScope } from '@quan-so/auth';
import { type Answer, type Call, type Page } from '@quan-so/contract';
import { DATASET_READ, DATASETS, type DatasetDef, type DatasetView, type ListDatasets } from '@quan-so/contracts-data';
import { formatInstant } from '@quan-so/language';
import { Database } from '@quan-so/persistence';
import { inScope } from './permitted.rules.js';
import { listCounters, listHeard, type CounterRow, type HeardRow } from './records.queries.js';

/** What the warehouse holds, in numbers; nothing personal. */
@Injectable()
export class DatasetsService {
  constructor(private readonly database: Database) {}

  async list(call: Call<typeof ListDatasets>): Promise<Answer<Page<DatasetView>>> {
    const scope = unitsInScope(call.actor, DATASET_READ);
    const after = String(call.query.after?.[0] ?? '');
    const { sql } = this.database;
    const [counters, heard] = [await listCounters(sql), await listHeard(sql)];
    const rest = DATASETS.filter((dataset) => dataset.code > after);
    const items = rest.slice(0, call.query.limit).map((dataset) => viewOf(dataset, scope, counters, heard));
    const last = rest.length > items.length ? items.at(-1) : undefined;
    return { body: { items, ...(last === undefined ? {} : { after: [last.code] }) } };
  }
}

function viewOf(dataset: DatasetDef, scope: UnitScope, all: readonly CounterRow[], heard: readonly HeardRow[]): DatasetView {
  const visible = all.filter((row) => row.dataset === dataset.code && inScope(scope, [row.unit, row.receiving_unit]));
  const cells = new Map<string, DatasetView['counters'][number]>();
  for (const { unit, status, records } of visible) {
    const cell = `${unit} ${status}`;
    cells.set(cell, { unit, status, records: (cells.get(cell)?.records ?? 0) + records });
  }
  const latest = heard.find((row) => row.dataset === dataset.code)?.changed_at;
  return {
    code: dataset.code,
    name: { ...dataset.name },
    description: { ...dataset.description },
    owner: dataset.producer,
    personal: dataset.personal,
    purposes: dataset.purposes.map(({ code, name }) => ({ code, name: { ...name } })),
    records: visible.reduce((sum, row) => sum + row.records, 0),
    counters: [...cells.values()],
    lastChangeAt: latest === undefined ? null : formatInstant(latest.getTime()),
  };
}
