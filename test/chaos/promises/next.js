/**
 * The next version, N+1: what was built with two tables that have one more column, which may be empty (expand), and one
 * more field in the event, which may be absent. Loaded by `--import` into a service or its `migrate`.
 */
import { alter } from '../altered.js';

/** @type {readonly import('../altered.js').Change[]} */
export const NEXT = [
  {
    file: 'contracts/data/dist/events.js',
    find: /body: jsonObject\('Bản ghi/,
    put: "remark: z.string().max(60).optional().meta({ description: 'Ghi chú. / A remark.', examples: ['gấp'] }),\n    body: jsonObject('Bản ghi",
  },
  {
    file: 'applications/dossiers/dist/dossiers.module.js',
    find: /migrations: \[dossiers0001\]/,
    put: "migrations: [dossiers0001, { name: '9001-remark', up: 'ALTER TABLE dossier ADD COLUMN remark text' }]",
  },
  {
    file: 'applications/dossiers/dist/dossier.telling.js',
    find: /import \{ RecordChanged \}/,
    put: 'const withRemark = (of) => (...given) => ({ ...of(...given), remark: `v${given[0].version}` });\nimport { RecordChanged }',
  },
  { file: 'applications/dossiers/dist/dossier.telling.js', find: /recordOf\((?=state)/, put: 'withRemark(recordOf)(' },
  {
    file: 'applications/dossiers/dist/dossier.telling.js',
    // Statements of a transaction run in turn and are waited for by its end.
    find: /tx\.emit\(RecordChanged,/,
    put: "void tx.sql('keep-remark', 'UPDATE dossier SET remark = $2 WHERE id = $1', [state.id, `v${state.version}`]);\n    tx.emit(RecordChanged,",
  },
  {
    file: 'data/warehouse/dist/warehouse.module.js',
    find: /(?<=migrations: \[records[^\]]+)\]/,
    put: ", { name: '9001-remark', up: 'ALTER TABLE record_history ADD COLUMN remark text, ADD COLUMN taken_by text' }]",
  },
  {
    file: 'data/warehouse/dist/records.consumer.js',
    find: /await keepHeard\(tx\.sql,/,
    put: `await tx.sql('keep-remarks', "UPDATE record_history h SET remark = g.remark, taken_by = 'next' FROM unnest($1::uuid[], $2::int[], $3::text[]) AS g(key, version, remark) WHERE h.key = g.key AND h.version = g.version", [batch.map(({ event }) => event.data.key), batch.map(({ event }) => event.data.version), batch.map(({ event }) => event.data.remark ?? null)]);
        await keepHeard(tx.sql,`,
  },
];

// By a query: who only wants to read the list loads it without.
if (new URL(import.meta.url).searchParams.has('load')) alter('next', NEXT);

export const NEXT_MODULE = `${import.meta.url.split('?')[0]}?load`;
