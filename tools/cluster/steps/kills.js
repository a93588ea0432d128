/** Pods killed under load, nobody asked: services, the broker, the database; nothing acknowledged is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { killContainer } from '../lab.js';
import { PLATFORM, podsOf, STORES } from '../place.js';
import { failedOf } from './upgrade.js';

const WORK_MS = 3_000;
/** @type {readonly ('pod' | 'process')[]} */
const WAYS = ['process', 'pod'];

/** @type {import('./steps.js').Step} */
export const kills = {
  id: 'kills',
  vi: 'giết pod dịch vụ, môi giới, cơ sở dữ liệu dưới tải: không mất gì',
  en: 'pods of services, broker and database killed under load: nothing is lost',
  run: async (stage) => {
    const load = await stage.load('kills');
    let struck = 0;
    for (const [namespace, name] of [...podsOf(stage.shape).map((one) => /** @type {const} */ ([PLATFORM, one.name])), /** @type {const} */ ([STORES, 'kafka']), /** @type {const} */ ([STORES, 'postgres'])]) {
      for (const way of WAYS) {
        if (way === 'process' && stage.lab === undefined) continue;
        await sleep(WORK_MS);
        await strike(stage, namespace, name, way);
        struck += 1;
        await sleep(1_000);
        await stage.settled(300);
        stage.tell(`${name} (${way}): ${JSON.stringify(load.client.counts.why)}`);
      }
    }
    await sleep(WORK_MS);
    const { counts, acknowledged, longestGapMs } = await load.stop();
    const verdict = await load.faults();
    if (verdict.faults.length > 0) throw new Error(verdict.faults.slice(0, 10).join('\n'));
    return { 'giết / kills': struck, 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': verdict.lost, 'lặp / twice': verdict.duplicated, 'hụt / gaps': verdict.gaps, 'gửi lại / sent again': counts.again, 'không được trả lời ngay / not answered at once': failedOf(counts), 'lâu nhất không ai được nhận, ms / longest without an answer, ms': longestGapMs };
  },
};

/** @param {import('../stage.js').Stage} stage @param {string} namespace @param {string} name @param {'pod' | 'process'} way */
async function strike({ kube, lab }, namespace, name, way) {
  const pod = await kube.pod(namespace, name);
  if (way === 'process' && lab !== undefined) return killContainer(lab, pod);
  await kube.kubectl(['-n', namespace, 'delete', 'pod', pod.metadata.name, '--grace-period=0', '--force']);
}
