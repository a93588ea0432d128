/** What the command that restores is asked for, and what it reads from the cluster. */
import { parseArgs } from 'node:util';

export const USAGE = `node tools/charts/restore.js --to 2026-11-26T10:00:00+07:00 | latest --incident NAME [--confirm …]
  --namespace quan-so --datastores quan-so-datastores --kubectl kubectl`;
/** On a deployment that stands still: how many pods it had. */
export const BEFORE = 'quan-so.vn/replicas-before';
export const WRONG = {
  unconfirmed: 'Chưa làm gì. Mọi điều đến sau thời điểm ấy sẽ bị bỏ; đồng ý thì thêm / nothing was done. Everything that came after that instant will be given up; to agree, add',
  other: 'Máy chủ đang đóng vì sự cố khác / the server is closed for another incident:',
  failed: 'Không khôi phục được đến / it could not be put back to',
  running: 'Vẫn còn chạy / still running:',
  elsewhere: 'Cơ sở dữ liệu của các dịch vụ này ở máy chủ khác, lệnh này không đưa về được; làm bằng tay / the databases of these services are on another server, which this command does not put back; by hand:',
  forget: 'bỏ thư mục của máy chủ đã mất / removes the folder of the lost server (kubectl exec postgres-0 -- /restore forget).',
};

/** @typedef {{ metadata: { name: string, annotations?: Record<string, string> }, spec: { replicas?: number } }} Deployment */
/** @typedef {{ asked?: string, failed?: string, closed?: { to: string, incident: string }, done: string[], bases: string[] }} State */

/** @param {readonly string[]} argv */
export function askedFor(argv) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({ args: [...argv], options: { to: text, incident: text, confirm: text, namespace: text, datastores: text, kubectl: text } });
  const { to: given, incident, confirm } = values;
  if (given === undefined || incident === undefined || !/^[a-z0-9][a-z0-9-]{0,40}$/.test(incident)) throw new Error(USAGE);
  if (confirm !== undefined && confirm !== given) throw new Error(`--confirm ${confirm} ≠ --to ${given}`);
  return { given, to: instantOf(given), incident, confirmed: confirm === given, namespace: values.namespace ?? 'quan-so', datastores: values.datastores ?? 'quan-so-datastores', kubectl: values.kubectl ?? 'kubectl' };
}

/** An instant names its own zone: at a desk ten o'clock is another hour than on the server. @param {string} text */
function instantOf(text) {
  if (text === 'latest') return text;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(Date.parse(text))) throw new Error(`--to ${text}: 2026-11-26T10:00:00+07:00`);
  return text.endsWith('Z') ? text : new Date(text).toISOString();
}

/** What `/restore state` says. @param {string} text @returns {State} */
export function readState(text) {
  /** @type {State} */
  const state = { done: [], bases: [] };
  for (const line of text.split('\n')) {
    const [word, first, second] = line.split(' ');
    if (word === 'asked' && second !== undefined) state.asked = second;
    else if (word === 'failed' && first !== undefined) state.failed = first;
    else if (word === 'closed' && first !== undefined && second !== undefined) state.closed = { to: first, incident: second };
    else if (word === 'done' && first !== undefined) state.done.push(first);
    else if (word === 'base' && first !== undefined) state.bases.push(first);
  }
  return state;
}

/** @typedef {{ metadata: { name: string }, data?: Record<string, string> }} Secret */

/** Services whose database is not on this release's server. @param {readonly Secret[]} secrets @param {string} datastores */
export function elsewhereOf(secrets, datastores) {
  const hosts = secrets.flatMap(({ metadata: { name }, data: { url } = {} }) => (name.endsWith('-database') && url !== undefined ? [{ service: name.slice(0, -'-database'.length), host: new URL(Buffer.from(url, 'base64').toString()).hostname }] : []));
  return hosts.filter(({ host }) => host !== `postgres.${datastores}` && !host.startsWith(`postgres.${datastores}.`)).map(({ service }) => service);
}

/** Those that run, and how many pods of each. @param {readonly Deployment[]} deployments */
export function pausedOf(deployments) {
  return deployments.flatMap(({ metadata, spec: { replicas = 1 } }) => (replicas === 0 ? [] : [{ name: metadata.name, replicas }]));
}
