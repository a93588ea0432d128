/**
 * The database of one service moved to a server of its own while people work, as charts/README.md tells it: a second server,
 * the service stopped, a copy, the new addresses, an upgrade. Who works beside it notices nothing, and nothing is lost.
 */
import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { secrets } from '../installed.js';
import { namespace, PLATFORM, podsOf, STORES, storesArgs } from '../place.js';
import { countsOf } from '../sql.js';
import { failedOf } from './upgrade.js';

const MOVED = 'warehouse';
const SECOND = `${PLATFORM}-second`;
const WORK_MS = 8_000;
const KUBECTL = 'kubectl';
const ALONE = { 'kafka.enabled': false, 'keycloak.enabled': false, 'zipkin.enabled': false };

/** @type {import('./steps.js').Step} */
export const moveDatabase = {
  id: 'move-database',
  vi: 'chuyển cơ sở dữ liệu của một dịch vụ sang máy chủ riêng khi mọi người đang làm việc: không mất gì',
  en: 'the database of one service moved to a server of its own while people work: nothing is lost',
  run: async (stage) => {
    const { kube, images, shape } = stage;
    const workload = podsOf(shape).find((one) => one.services.includes(MOVED))?.name ?? '';
    const load = await stage.load('move-database');
    await kube.apply(namespace(SECOND));
    await secrets(['make', '--datastores', SECOND]);
    const [name = '', chart = '', , , ...values] = storesArgs(images.present, ALONE);
    await kube.helm(['install', name, chart, '-n', SECOND, ...values, '--wait', '--timeout', '300s']);
    const began = performance.now();
    await kube.kubectl(['-n', PLATFORM, 'scale', `deployment/${workload}`, '--replicas=0']);
    await kube.kubectl(['-n', PLATFORM, 'wait', '--for=delete', 'pod', '-l', `app.kubernetes.io/name=${workload}`, '--timeout=120s']);
    const there = await countsOf(kube, MOVED);
    await copy();
    for (const secret of [`${MOVED}-database`, `${MOVED}-migrator`]) {
      const { url = '' } = await kube.secret(PLATFORM, secret);
      const moved = new URL(url);
      moved.hostname = `postgres.${SECOND}`;
      for (const one of [PLATFORM, STORES]) await kube.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, namespace: one }, stringData: { url: moved.href } });
    }
    const to = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': SECOND } }, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'postgres' } } }];
    // Which also starts it again.
    await stage.platform('upgrade', { [`global.network.database.of.${MOVED}.to`]: to });
    await kube.settled(PLATFORM);
    const seconds = Math.round((performance.now() - began) / 1_000);
    kube.servers.set(MOVED, SECOND);
    await sleep(WORK_MS);
    const { counts, acknowledged } = await load.stop();
    const { faults } = await load.faults();
    const failed = failedOf(counts);
    const now = await countsOf(kube, MOVED);
    if ((now['record_history'] ?? 0) <= (there['record_history'] ?? 0)) faults.push(`${MOVED}: ${there['record_history']} → ${now['record_history']}`);
    kube.servers.delete(MOVED);
    const old = await countsOf(kube, MOVED);
    kube.servers.set(MOVED, SECOND);
    if (old['record_history'] !== there['record_history']) faults.push('máy chủ cũ vẫn được ghi / the server before is still written to');
    if (failed > 0) faults.unshift(`yêu cầu hỏng / failed requests: ${failed} ${JSON.stringify(counts.why)}`);
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { 'cơ sở dữ liệu / database': MOVED, 'dòng / rows': Object.values(there).reduce((a, b) => a + b, 0), 'dịch vụ ấy vắng, s / that service was away, s': seconds, 'yêu cầu / requests': counts.sent, 'hỏng / failed': failed, 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': 0 };
  },
};

/** What the server has, owners and all, into the empty database of the other one. */
async function copy() {
  const psql = ['-h', '/run/postgresql', '-U', 'postgres'];
  const from = spawn(KUBECTL, ['-n', STORES, 'exec', 'postgres-0', '--', 'pg_dump', ...psql, MOVED], { stdio: ['ignore', 'pipe', 'inherit'] });
  const to = spawn(KUBECTL, ['-n', SECOND, 'exec', '-i', 'postgres-0', '--', 'psql', ...psql, '-d', MOVED, '-qX', '-1', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = [from, to].map((child) => new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => (code === 0 ? resolve(undefined) : reject(new Error(`${child.spawnfile} ${child.spawnargs.slice(3, 8).join(' ')}: ${code}`))))));
  await Promise.all([pipeline(from.stdout, to.stdin), ...ended]);
}
