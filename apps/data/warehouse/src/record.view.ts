import { type RecordVersionView, type RecordView } from '@quan-so/contracts-data';
import { formatInstant } from '@quan-so/language';
import { type RecordRow, type VersionRow } from './records.queries.js';

export function recordView(row: RecordRow): RecordView {
  return {
    key: row.key,
    version: row.version,
    code: row.code,
    unit: row.unit,
    receivingUnit: row.receiving_unit,
    status: row.status,
    title: row.title,
    changedAt: formatInstant(row.changed_at.getTime()),
    traceId: row.trace_id,
    command: row.command,
    body: row.body,
  };
}

export function versionView(row: VersionRow): RecordVersionView {
  return { ...recordView(row), supersededAt: row.superseded_at === null ? null : formatInstant(row.superseded_at.getTime()) };
}

/** Names of the fields a reader is shown; they stand in the access entry, values never do. */
export const SHOWN_FIELDS: readonly string[] = ['code', 'unit', 'receivingUnit', 'status', 'title', 'changedAt', 'traceId', 'command', 'body'];
