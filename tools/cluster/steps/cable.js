/**
 * The cable of the second node is pulled under load, and plugged in again: what ran there runs elsewhere, and all is whole
 * afterwards. Once with every store on the first node, once with every store on the second, where they wait for their volumes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, until } from '../kube.js';
import { cutCable, mendCable } from '../lab.js';

const NODE = 'node2';
/** Kubernetes sees the loss after 50 s, pods are given up 30 s later; then new ones start where they may. */
const GIVEN_UP_SECONDS = 180;
/** So long people work on with what is left. */
const WORK_MS = 10_000;
/** These are never given up: nobody else may have their volumes. */
const WITH_VOLUMES = ['kafka', 'postgres'];

/** @type {import('./steps.js').Step} */
export const cable = {
  id: 'cable',
  vi: 'rút cáp máy không có kho dữ liệu dưới tải rồi cắm lại: mọi thứ lại nguyên vẹn, không mất gì',
  en: 'the cable of the node without datastores cut under load and plugged in again: everything whole, nothing lost',
  run: (stage) => pulled(stage, 'cable', false),
};

/** @type {import('./steps.js').Step} */
export const cableStores = {
  id: 'cable-stores',
  vi: 'rút cáp máy có kho dữ liệu dưới tải rồi cắm lại: ổ chờ trên máy ấy, không mất gì',
  en: 'the cable of the node with the datastores cut under load and plugged in again: the volumes wait there, nothing lost',
  run: (stage) => pulled(stage, 'cable-stores', true),
};

/** @param {import('../stage.js').Stage} stage @param {string} name @param {boolean} hasStores whether the node that is cut must have them @returns {ReturnType<import('./steps.js').Step['run']>} */
async function pulled(stage, name, hasStores) {
  const { kube } = stage;
  if (stage.lab === undefined) return undefined;
  const there = (await podsOn(stage)).map(({ metadata }) => nameOf(metadata));
  if (there.length === 0 || WITH_VOLUMES.some((one) => there.includes(one) !== hasStores)) throw new Error(`${NODE}: ${there.join(' ')}`);
  const load = await stage.load(name);
  await sleep(6_000);
  const before = load.client.acknowledged;
  const began = performance.now();
  await cutCable();
  let during;
  try {
    await until(`${NODE} được bỏ / given up`, GIVEN_UP_SECONDS, async () => (await podsOn(stage)).every(({ metadata }) => WITH_VOLUMES.includes(nameOf(metadata)) || metadata.deletionTimestamp !== undefined));
    const so = load.client.acknowledged;
    // Without its stores the platform only waits.
    if (!hasStores) await until('được nhận ở máy còn lại / acknowledged by the other node', 120, async () => load.client.acknowledged > so);
    await sleep(WORK_MS);
    during = load.client.acknowledged - before;
  } finally {
    await mendCable();
  }
  const mended = performance.now();
  await until(NODE, 180, async () => (await kube.json(['get', 'node', NODE])).status.conditions.some((/** @type {any} */ { type, status }) => type === 'Ready' && status === 'True'));
  await stage.settled(300);
  const whole = Math.round((performance.now() - mended) / 1_000);
  await sleep(WORK_MS);
  const { counts, acknowledged, longestGapMs } = await load.stop();
  const verdict = await load.faults();
  if (acknowledged === before + during) verdict.faults.push('sau khi cắm lại không lệnh nào được nhận / nothing was acknowledged after the cable was back');
  if (verdict.faults.length > 0) throw new Error(verdict.faults.slice(0, 10).join('\n'));
  return { 'trên máy bị rút / on that node': there.join(' '), 'rút, s / cut, s': Math.round((mended - began) / 1_000), 'được nhận lúc rút / acknowledged meanwhile': during, 'lại nguyên vẹn sau, s / whole again after, s': whole, 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': verdict.lost, 'lặp / twice': verdict.duplicated, 'lâu nhất không ai được nhận, ms / longest without an answer, ms': longestGapMs, 'gửi lại / sent again': counts.again };
}

/** What runs on that node. @param {import('../stage.js').Stage} stage */
async function podsOn(stage) {
  return (await stage.pods()).filter(({ spec, status }) => spec.nodeName === NODE && status.phase === 'Running');
}
