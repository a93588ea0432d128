/**
 * Every secret changed under load as charts/README.md tells it: `secrets.js rotate …`, then what it says is next. What can
 * be changed together is. Afterwards the old ones open nothing, nothing is lost, and what was sealed before is read.
 */
import { connect } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../layers.js';
import { askBroker } from '../broker.js';
import { forward } from '../forward.js';
import { secrets } from '../installed.js';
import { ISSUER, KEYCLOAK, PLATFORM, STORES } from '../place.js';

const WORK_MS = 5_000;

/** @typedef {'postgres' | 'keycloak' | 'kafka' | 'services' | 'realm'} Then */
/** Rounds: what is rotated together, and what is started anew after it, in this order. @type {(system: string) => readonly { rotate: readonly string[][], afterwards: readonly Then[] }[]} */
const ROUNDS = (system) => [
  { rotate: [...services.map(({ name }) => ['database', name]), ['postgres-admin'], ['keycloak-database']], afterwards: ['postgres', 'keycloak', 'services'] },
  { rotate: [...services.map(({ name }) => ['kafka', name]), ['kafka-admin'], ['tls']], afterwards: ['kafka', 'services'] },
  { rotate: [['account', system], ['keycloak-admin']], afterwards: ['realm'] },
  { rotate: [['keys-add'], ['authority-add']], afterwards: ['services', 'kafka'] },
  { rotate: [['keys-use'], ['authority-use']], afterwards: ['kafka', 'services'] },
  { rotate: [['authority-drop']], afterwards: ['services', 'kafka'] },
];

/** @type {import('./steps.js').Step} */
export const rotation = {
  id: 'rotation',
  vi: 'đổi mọi bí mật dưới tải theo hướng dẫn: cái cũ không mở được gì nữa, không mất gì',
  en: 'every secret changed under load as the guide says: the old ones open nothing any more, nothing is lost',
  run: async (stage) => {
    const system = 'statistics-department';
    const old = await held(stage);
    const load = await stage.load('rotation', 6);
    let rotated = 0;
    for (const { rotate, afterwards } of ROUNDS(system)) {
      await sleep(WORK_MS);
      for (const one of rotate) await leadsSomewhere(stage, await secrets(['rotate', ...one]));
      rotated += rotate.length;
      for (const one of afterwards) await startAnew(stage, one);
      stage.tell(`${rotate.map((one) => one.join(' ')).join(', ')}: ${JSON.stringify(load.client.counts.why)}`);
    }
    await sleep(WORK_MS);
    const { acknowledged, longestGapMs } = await load.stop();
    const { faults } = await load.faults();
    // The ways lead to pods that are gone.
    await stage.close();
    faults.push(...(await stillOpen(stage, old, system)));
    const kept = Object.entries(await held(stage)).filter(([name, value]) => value === old[name]).map(([name]) => name);
    if (kept.length > 0) faults.push(`chưa đổi / not changed: ${kept.join(' ')}`);
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { 'lần đổi / rotations': rotated, 'bí mật đã đổi / secrets changed': Object.keys(old).length, 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': 0, 'lâu nhất không ai được nhận, ms / longest without an answer, ms': longestGapMs };
  },
};

/** What a rotation says is next can be done: of the workloads that a line names one is there. @param {import('../stage.js').Stage} stage @param {string} said */
async function leadsSomewhere({ kube }, said) {
  for (const line of said.split('\n')) {
    const [, namespace = ''] = /-n (\S+) rollout restart/.exec(line) ?? [];
    const workloads = line.match(/(deployment|statefulset)\/[a-z-]+/g) ?? [];
    if (workloads.length > 0 && (await kube.kubectl(['-n', namespace, 'get', ...workloads, '--ignore-not-found', '-o', 'name'])).trim() === '') throw new Error(`không có / there is none: ${line}`);
  }
}

/** @param {import('../stage.js').Stage} stage @param {Then} what */
async function startAnew(stage, what) {
  const { kube } = stage;
  if (what === 'realm') return stage.stores('upgrade');
  const [namespace, workload] = { postgres: [STORES, 'statefulset/postgres'], kafka: [STORES, 'statefulset/kafka'], keycloak: [STORES, 'deployment/keycloak'], services: [PLATFORM, 'deployment'] }[what];
  await kube.kubectl(['-n', String(namespace), 'rollout', 'restart', String(workload)]);
  await kube.settled(String(namespace));
}

/** What is secret in both namespaces, by namespace, secret and key. @param {import('../stage.js').Stage} stage @returns {Promise<Record<string, string>>} */
async function held({ kube }) {
  const all = await Promise.all([PLATFORM, STORES].map(async (namespace) => (await kube.json(['-n', namespace, 'get', 'secrets', '-l', 'app.kubernetes.io/part-of=quan-so'])).items));
  const entries = all.flat().flatMap((/** @type {any} */ { metadata: { namespace, name }, data = {} }) => Object.entries(data).map(([key, value]) => /** @type {const} */ ([`${namespace}/${name}/${key}`, Buffer.from(String(value), 'base64').toString('utf8')])));
  // A name is no secret; of the accounts one system's alone is changed.
  return Object.fromEntries(entries.filter(([path]) => !/\/(username|previous)$/.test(path) && (!path.includes('/quan-so-accounts/') || path.endsWith('/statistics-department'))));
}

/** Sentences about what an old secret still opens, or could not be tried with. @param {import('../stage.js').Stage} stage @param {Record<string, string>} old @param {string} system */
async function stillOpen(stage, old, system) {
  const { kube, dir } = stage;
  /** @type {string[]} */
  const open = [];
  const of = (/** @type {string} */ path) => old[`${STORES}/${path}`] ?? '';
  const roles = [...services.flatMap(({ name }) => [[name, name, of(`${name}-database/password`)], [`${name}_migrator`, name, of(`${name}-migrator/password`)]]), ['postgres', 'postgres', of('postgres-admin/password')], ['keycloak', 'keycloak', of('keycloak-database/password')]];
  for (const [role = '', database = '', password = ''] of roles) {
    const said = await kube.exec(STORES, 'postgres-0', ['sh', '-c', 'read -r PGPASSWORD; export PGPASSWORD; psql -h 127.0.0.1 -U "$1" -d "$2" -c "SELECT 1" 2>&1 || :', 'sh', role, database], { input: `${password}\n` });
    if (!said.includes('password authentication failed')) open.push(`PostgreSQL ${role}: ${said.trim()}`);
  }
  for (const user of [...services.map(({ name }) => name), 'admin']) {
    const password = user === 'admin' ? of('kafka-admin/password') : of(`${user}-kafka/password`);
    const said = await askBroker(kube, user, password, 'TopicCommand', ['--list']);
    if (!said.includes('SaslAuthenticationException')) open.push(`Kafka ${user}: ${said.trim().slice(-300)}`);
  }
  await stage.keycloak();
  const grants = [[ISSUER, { grant_type: 'client_credentials', client_id: system, client_secret: of(`quan-so-accounts/${system}`) }], [`http://${KEYCLOAK}:8080/realms/master`, { grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: of('keycloak-admin/password') }]];
  for (const [issuer, form] of /** @type {[string, Record<string, string>][]} */ (grants)) {
    const said = await (await fetch(`${issuer}/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams(form), signal: AbortSignal.timeout(10_000) })).text();
    if (!/"Invalid (user|client or Invalid client) credentials"/.test(said)) open.push(`Keycloak ${form['client_id']}: ${said.slice(0, 200)}`);
  }
  const way = await forward(dir, { namespace: STORES, target: 'statefulset/kafka', port: 9092 });
  try {
    const port = Number(new URL(way.base).port);
    const now = await held(stage);
    if (!(await trusted(port, now[`${PLATFORM}/kafka-ca/ca.crt`] ?? ''))) open.push('Kafka: chứng thư mới không ai tin / its new certificate is trusted by nobody');
    if (await trusted(port, old[`${PLATFORM}/kafka-ca/ca.crt`] ?? '')) open.push('Kafka: vẫn ký bởi bên cũ / still signed by the authority before');
  } finally {
    await way.stop();
  }
  return open;
}

/** Whether who trusts this authority talks to the broker. @param {number} port @param {string} ca @returns {Promise<boolean>} */
function trusted(port, ca) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: `kafka.${STORES}`, ca, timeout: 10_000 });
    for (const [event, is] of /** @type {const} */ ([['secureConnect', true], ['error', false], ['timeout', false]])) socket.once(event, () => (socket.destroy(), resolve(is)));
  });
}
