/**
 * A service more on a platform that people work with, as charts/README.md tells it: `secrets.js make`, then both upgrades.
 * It is installed without the warehouse first; afterwards the warehouse has all that was told before it was there.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../layers.js';
import { freshInstall, secrets } from '../installed.js';
import { PLATFORM, ROOT, STORES } from '../place.js';
import { countsOf } from '../sql.js';
import { failedOf } from './upgrade.js';

const NEW = 'warehouse';
const WORK_MS = 8_000;

/** @type {import('./steps.js').Step} */
export const addService = {
  id: 'add-service',
  vi: 'thêm một dịch vụ khi mọi người đang làm việc: nó có đủ những gì đã kể trước khi có nó',
  en: 'a service added while people work: it has all that was told before it was there',
  run: async (stage) => {
    const { kube, images } = stage;
    const version = { charts: chartsWithout(join(stage.dir, 'charts-before')), images: images.present.images };
    const before = async () => {
      for (const namespace of [STORES, PLATFORM]) await kube.kubectl(['-n', namespace, 'delete', 'secret', `${NEW}-database`, `${NEW}-migrator`, `${NEW}-kafka`]);
    };
    await freshInstall(stage, { version, platformValues: without(stage.shape), before });
    const load = await stage.load('add-service');
    await sleep(WORK_MS);
    const told = load.client.acknowledged;
    await secrets(['make']);
    const began = performance.now();
    await stage.stores('upgrade');
    await stage.platform('upgrade');
    const seconds = Math.round((performance.now() - began) / 1_000);
    await sleep(WORK_MS);
    const { counts, acknowledged } = await load.stop();
    const { faults, drainSeconds } = await load.faults();
    const { record_history: heard = 0 } = await countsOf(kube, NEW);
    if (heard < acknowledged) faults.push(`${NEW}: ${heard} < ${acknowledged}`);
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { 'dịch vụ / service': NEW, 'kể trước khi có nó / told before it was there': told, 'hai lần nâng cấp, s / both upgrades, s': seconds, 'đủ sau, s / all of it after, s': drainSeconds, 'yêu cầu / requests': counts.sent, 'không được trả lời ngay / not answered at once': failedOf(counts), 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': 0 };
  },
};

/** The platform's values without it. @param {import('../place.js').Shape} shape */
function without(shape) {
  if (shape === 'services') return { [`${NEW}.replicas`]: 0, [`${NEW}.migration.enabled`]: false };
  const layer = services.find(({ name }) => name === NEW)?.layer ?? '';
  return { [`layer-${layer}.services`]: services.filter((one) => one.layer === layer && one.name !== NEW).map(({ name }) => name) };
}

/** The charts of a version that did not have it: nothing of its is among users, topics, rights and who hears whom. @param {string} folder */
function chartsWithout(folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(ROOT, 'charts'), folder, { recursive: true, dereference: true });
  for (const chart of ['datastores', 'service', 'quan-so/charts/service']) {
    const file = join(folder, chart, 'files', 'contracts.json');
    writeFileSync(file, JSON.stringify(withoutIt(JSON.parse(readFileSync(file, 'utf8')))));
  }
  return folder;
}

/** @param {any} value @returns {any} */
function withoutIt(value) {
  if (Array.isArray(value)) return value.filter((one) => !isIts(one)).map(withoutIt);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== NEW).map(([key, one]) => [key, withoutIt(one)]));
}

/** @param {any} one */
function isIts(one) {
  return one === NEW || [one?.name, one?.user].some((name) => name === NEW || String(name).endsWith(`.${NEW}`));
}
