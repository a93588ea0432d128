/** More pods by `replicas` and by an autoscaler, and back to one, under load: no request fails, all of them work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../layers.js';
import { askBroker } from '../broker.js';
import { until } from '../kube.js';
import { PLATFORM, podsOf, STORES } from '../place.js';
import { failedOf } from './upgrade.js';

const MANY = 3;
const WORK_MS = 8_000;

/** @type {import('./steps.js').Step} */
export const scale = {
  id: 'scale',
  vi: 'thêm pod theo replicas rồi tự co giãn, rồi về một, dưới tải: không yêu cầu nào hỏng',
  en: 'more pods by replicas, then an autoscaler, then one again, under load: no request fails',
  run: async (stage) => {
    const { kube } = stage;
    const workloads = podsOf(stage.shape).map(({ name }) => name);
    const load = await stage.load('scale');
    await stage.platform('upgrade', Object.fromEntries(workloads.map((name) => [`${name}.replicas`, MANY])));
    await sleep(WORK_MS);
    const answering = await Promise.all(services.map(async ({ name }) => /** @type {const} */ ([name, await readyOf(kube, name)])));
    const consumers = await until('nhóm đọc / consumer groups', 90, async () => {
      const members = await membersOf(kube);
      return Object.values(members).includes(MANY) && members;
    });
    await stage.platform('upgrade', Object.fromEntries(workloads.flatMap((name) => [[`${name}.autoscaling.enabled`, true], [`${name}.autoscaling.min`, 2], [`${name}.autoscaling.max`, MANY]])));
    await until('autoscaling', 180, async () => (await kube.json(['-n', PLATFORM, 'get', 'hpa'])).items.every((/** @type {any} */ { status }) => (status.conditions ?? []).some((/** @type {any} */ { type, status: is }) => type === 'ScalingActive' && is === 'True') && status.currentReplicas >= 2));
    await sleep(WORK_MS);
    await stage.platform('upgrade');
    await until('một pod / one pod', 120, async () => (await kube.pods(PLATFORM, 'quan-so.vn/role=service')).length === workloads.length);
    await sleep(WORK_MS);
    const { counts, acknowledged } = await load.stop();
    const { faults } = await load.faults();
    const failed = failedOf(counts);
    if (failed > 0) faults.unshift(`yêu cầu hỏng / failed requests: ${failed} ${JSON.stringify(counts.why)}`);
    faults.push(...answering.filter(([, ready]) => ready !== MANY).map(([name, ready]) => `${name}: ${ready} pod trả lời / pods answer`));
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { 'pod mỗi loại / pods of each': MANY, 'pod cùng đọc / pods that consume': Math.max(...Object.values(consumers)), 'yêu cầu / requests': counts.sent, 'hỏng / failed': failed, 'đã xác nhận / acknowledged': acknowledged };
  },
};

/** Pods that requests to a service are sent to. @param {import('../kube.js').Kube} kube @param {string} service */
async function readyOf(kube, service) {
  const { items } = await kube.json(['-n', PLATFORM, 'get', 'endpointslices', '-l', `kubernetes.io/service-name=${service}`]);
  return items.flatMap((/** @type {any} */ { endpoints }) => endpoints ?? []).filter((/** @type {any} */ { conditions }) => conditions.ready).length;
}

/** Members of each consumer group that have partitions, as the broker's own tool says it. @param {import('../kube.js').Kube} kube @returns {Promise<Record<string, number>>} */
async function membersOf(kube) {
  const { password = '' } = await kube.secret(STORES, 'kafka-admin');
  const said = await askBroker(kube, 'admin', password, 'consumer.group.ConsumerGroupCommand', ['--describe', '--members', '--all-groups']);
  /** @type {Record<string, number>} */
  const members = {};
  for (const [, group = '', partitions] of said.matchAll(/^(\S+) +\S+ +\/\S+ +\S+ +(\d+)/gm)) if (Number(partitions) > 0) members[group] = (members[group] ?? 0) + 1;
  return members;
}
