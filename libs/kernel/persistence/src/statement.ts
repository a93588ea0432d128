import { currentTraceparent, inSpan } from '@quan-so/observability';
import { type ClientBase } from 'pg';
import { sqlStateOf } from './errors.js';

/** Whose statements these are; stands in their spans. */
export interface Place {
  readonly service: string;
  readonly database: string;
}

// PostgreSQL cuts longer names of prepared statements, and two statements would become one.
const NAME = /^[a-z0-9][a-z0-9.-]{0,62}$/;

/**
 * Runs a named statement on the client that `take` gives, in a span that holds its name and never its values. Outside any
 * span there is none: a poll is no trace.
 */
export async function statement<R>(place: Place, name: string, run: () => Promise<R[]>): Promise<R[]> {
  if (!NAME.test(name)) throw new TypeError(`statement ${name}: kebab case, at most 63 bytes`);
  if (currentTraceparent() === undefined) return run();
  const attributes = { 'db.system.name': 'postgresql', 'db.namespace': place.database, 'db.query.name': name } as const;
  return inSpan(`sql ${name}`, { kind: 'client', service: place.service, attributes }, async (span) => {
    try {
      const rows = await run();
      span.set({ 'db.response.returned_rows': rows.length });
      return rows;
    } catch (error) {
      span.set({ 'db.response.status_code': sqlStateOf(error) });
      throw error;
    }
  });
}

/** Prepared once per connection under its name. */
export async function rowsOf<R>(client: ClientBase, name: string, text: string, values: readonly unknown[] = []): Promise<R[]> {
  const { rows } = await client.query({ name, text, values: values as unknown[] });
  return rows as R[];
}
