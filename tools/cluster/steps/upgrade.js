/**
 * From a version before this one (previous.json: one migration and one field of an event less) to this one under load, as
 * charts/README.md tells it: both releases. Then one alias alone at the version before, then back, and up again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { freshInstall } from '../installed.js';
import { PLATFORM, podsOf } from '../place.js';
import { reader } from '../sql.js';

/** So long each state of the way works. */
const WORK_MS = 4_000;
/** Longer than any request may wait: somebody was always answered. */
const STILL_MS = 30_000;

/** @type {import('./steps.js').Step} */
export const upgrade = {
  id: 'upgrade',
  vi: 'nâng cấp từ bản trước dưới tải, một dịch vụ riêng ở bản trước, rồi quay lui: không yêu cầu nào hỏng',
  en: 'upgrade from a version before under load, one alias alone at that version, then rollback: no request fails',
  run: async (stage) => {
    const { kube, images, shape } = stage;
    const behind = podsOf(shape).find(({ services }) => services.includes('warehouse'))?.name ?? '';
    // The stores on the other machine: the step `cable-stores` pulls its cable.
    await freshInstall(stage, { version: images.previous, stores: 'node2' });
    const load = await stage.load('upgrade');
    /** @type {Record<string, number>} */
    const took = {};
    const step = async (/** @type {string} */ name, /** @type {() => Promise<unknown>} */ work) => {
      await sleep(WORK_MS);
      const [began, before] = [performance.now(), failedOf(load.client.counts)];
      await work();
      took[name] = Math.round((performance.now() - began) / 1_000);
      const failed = failedOf(load.client.counts) - before;
      stage.tell(`${name}: ${took[name]} s, ${failed} hỏng / failed ${JSON.stringify(load.client.counts.why)}`);
    };
    await step('datastores, s', () => stage.stores('upgrade'));
    await step('migration không xong / a migration that does not end, s', () => stuck(stage, behind));
    await step('lên bản này / to this version, s', () => stage.platform('upgrade'));
    await step(`${behind} ở bản trước / at the one before, s`, () => stage.platform('upgrade', { [`${behind}.image.tag`]: images.previous.tag }));
    await step('quay lui / rollback, s', () => rollback(stage, -1));
    await step('quay lui về bản trước / rollback to the one before, s', () => rollback(stage, -4));
    await step('lên lại / up again, s', () => stage.platform('upgrade'));
    await sleep(WORK_MS);
    const { counts, acknowledged, longestGapMs, p99Ms } = await load.stop();
    const { faults } = await load.faults();
    const crossed = await readBy(kube);
    const failed = failedOf(counts);
    if (failed > 0) faults.unshift(`yêu cầu hỏng / failed requests: ${failed} ${JSON.stringify(counts.why)}`);
    if (longestGapMs > STILL_MS) faults.push(`không ai được trả lời / nobody was answered: ${longestGapMs} ms`);
    if (Object.values(crossed).includes(0)) faults.push(`hai bản không gặp nhau / the versions did not meet: ${JSON.stringify(crossed)}`);
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { 'từ / from': images.previous.commit.slice(0, 12), ...took, 'yêu cầu / requests': counts.sent, 'hỏng / failed': failed, 'đã xác nhận / acknowledged': acknowledged, 'p99, ms': p99Ms, 'bản này kể và đọc / told and read by this version': crossed.both, 'bản này kể, bản trước đọc / told by this, read by the one before': crossed.ignored, 'bản trước kể / told by the one before': crossed.before };
  },
};

/** Requests that got no good answer although nothing was refused. @param {import('../../../test/chaos/client.js').Counts} counts */
export function failedOf({ cut, shed, failed }) {
  return cut + shed + failed;
}

/** A migration whose image is nowhere: the upgrade fails, the pods from before work on. @param {import('../stage.js').Stage} stage @param {string} name of the workload */
async function stuck(stage, name) {
  const before = await servingIn(stage.kube);
  const failed = await stage.platform('upgrade', { [`${name}.image.tag`]: 'nowhere', [`${name}.migration.deadlineSeconds`]: 30 }).then(() => false, () => true);
  if (!failed) throw new Error('nâng cấp xong dù migration không xong / upgraded although a migration did not end');
  const after = await servingIn(stage.kube);
  if (after !== before) throw new Error(`pod đổi / pods changed: ${before} → ${after}`);
}

/** Names of the pods of services. @param {import('../kube.js').Kube} kube */
export async function servingIn(kube) {
  return (await kube.pods(PLATFORM, 'quan-so.vn/role=service')).filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name).sort().join(' ');
}

/** @param {import('../stage.js').Stage} stage @param {number} by revisions before the current one */
async function rollback({ kube }, by) {
  const history = JSON.parse(await kube.helm(['history', 'quan-so', '-n', PLATFORM, '-o', 'json']));
  const revision = history.at(-1).revision + by;
  await kube.helm(['rollback', 'quan-so', String(revision), '-n', PLATFORM, '--wait', '--timeout', '300s']);
}

/** Events of this version: with their new field where this one read them, without it where the version before did. @param {import('../kube.js').Kube} kube */
async function readBy(kube) {
  const read = reader(kube);
  const told = await read('dossiers')('', "SELECT subject || '/' || (envelope::json->'data'->>'version') AS step, envelope::json->'data'->>'command' IS NOT NULL AS ours FROM outbox WHERE topic = 'records.dossiers' AND type LIKE '%.record-changed.%'", []);
  const ours = new Set(told.filter((one) => one.ours).map(({ step }) => step));
  const taken = (await read('warehouse')('', "SELECT key || '/' || version AS step, command FROM record_history WHERE dataset = 'dossiers'", [])).filter(({ step }) => ours.has(step));
  return { both: taken.filter(({ command }) => command !== null).length, ignored: taken.filter(({ command }) => command === null).length, before: told.length - ours.size };
}
