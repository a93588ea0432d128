/** The databases seen from outside: `psql` inside the pod of PostgreSQL, by its superuser. */
import { STORES } from './place.js';

/**
 * @param {import('./kube.js').Kube} kube
 * @returns {(service: string) => import('../../test/chaos/facts.js').Read}
 */
export function reader(kube) {
  return (service) => async (_, text, values) => {
    const whole = text.replace(/\$(\d+)/g, (_all, n) => literal(values[Number(n) - 1]));
    const said = await kube.exec(kube.servers.get(service) ?? STORES, 'postgres-0', ['psql', '-h', '/run/postgresql', '-U', 'postgres', '-d', service, '-qtAX', '-v', 'ON_ERROR_STOP=1'], {
      input: `SELECT coalesce(json_agg(rows), '[]') FROM (${whole}) AS rows;\n`,
      timeoutMs: 120_000,
    });
    return JSON.parse(said);
  };
}

/** @param {unknown} value */
function literal(value) {
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

/** What each table of a service holds. @param {import('./kube.js').Kube} kube @param {string} database @returns {Promise<Record<string, number>>} */
export async function countsOf(kube, database) {
  const read = reader(kube)(database);
  const tables = await read('', "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1", []);
  const [row] = await read('', `SELECT ${tables.map(({ name }) => `(SELECT count(*)::int FROM "${name}") AS "${name}"`).join(', ')}`, []);
  return row ?? {};
}
