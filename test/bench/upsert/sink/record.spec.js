/** Both sides of the bench keep the same indexes: the sink's table follows every migration of the warehouse. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const MIGRATIONS = resolve(import.meta.dirname, '../../../../apps/data/warehouse/src/migrations');

const NAME = /^(?:CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?<made>\w+) ON|DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?(?<gone>\w+)|CREATE TABLE (?<table>\w+)|ALTER TABLE (?<altered>\w+))/u;

/** What stands of the indexes of `record` after all these statements: by name, word for word; the key and the room on a page too. */
function indexesOf(sql) {
  const standing = new Map();
  for (const statement of sql.replaceAll(/--.*$/gmu, '').split(';').map((one) => one.replaceAll(/\s+/gu, ' ').trim())) {
    const { made, gone, table, altered } = NAME.exec(statement)?.groups ?? {};
    if (made !== undefined && / ON record /u.test(statement)) standing.set(made, statement);
    if (gone !== undefined) standing.delete(gone);
    if (table === 'record') standing.set('record', [/PRIMARY KEY \([^)]*\)/u, /WITH \([^)]*\)$/u].map((part) => part.exec(statement)?.[0]).join(' '));
    // Nothing that is read here word by word: whoever writes it looks at both sides.
    if (altered === 'record' && /CONSTRAINT|PRIMARY|UNIQUE|INDEX|fillfactor/iu.test(statement)) standing.set(statement, statement);
  }
  return Object.fromEntries(standing);
}

const migrations = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.ts')).sort().map((name) => /up: `([^`]*)`/u.exec(readFileSync(join(MIGRATIONS, name), 'utf8'))?.[1] ?? '');
const warehouse = indexesOf(migrations.join(';\n'));

it('are the same, word for word', () => {
  expect(Object.keys(warehouse)).toEqual(['record', 'record_code', 'record_status', 'record_changed', 'record_scope', 'record_words']);
  expect(warehouse['record']).toBe('PRIMARY KEY (dataset, key) WITH (fillfactor = 80)');
  expect(indexesOf(readFileSync(join(import.meta.dirname, 'record.sql'), 'utf8'))).toEqual(warehouse);
});

it.each([
  ['an index of a later migration', 'CREATE INDEX record_unit ON record (unit)', { record_unit: 'CREATE INDEX record_unit ON record (unit)' }],
  ['a constraint', 'ALTER TABLE record ADD CONSTRAINT one UNIQUE (code)', { 'ALTER TABLE record ADD CONSTRAINT one UNIQUE (code)': 'ALTER TABLE record ADD CONSTRAINT one UNIQUE (code)' }],
  ['one that is dropped', 'CREATE INDEX a ON record (unit); DROP INDEX IF EXISTS a', {}],
  ['another table', 'CREATE INDEX a ON record_history (unit); ALTER TABLE record ADD COLUMN a text', {}],
])('are read with %s', (_, sql, seen) => expect(indexesOf(sql)).toEqual(seen));
