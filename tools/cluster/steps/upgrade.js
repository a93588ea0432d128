/**
 * To the next version and back under load, as charts/README.md tells it: the next one has a migration that adds columns
 * and an event with a field more (next.js). Then one alias alone at the version before, then rollback.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PLATFORM, podsOf } from '../place.js';
import { reader } from '../sql.js';

/** So long each state of the way works. */
const WORK_MS = 8_000;

/** @type {import('./steps.js').Step} */
export const upgrade = {
  id: 'upgrade',
  vi: 'nâng cấp dưới tải, một dịch vụ riêng ở bản trước, rồi quay lui: không yêu cầu nào hỏng',
  en: 'upgrade under load, one alias alone at the version before, then rollback: no request fails',
  run: async (stage) => {
    const { kube, images, shape } = stage;
    const behind = podsOf(shape).find(({ services }) => services.includes('warehouse'))?.name ?? '';
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
    const next = { 'global.images.services': images.tags.next };
    await step('lên N+1 / to N+1, s', () => stage.platform('upgrade', next));
    await step(`${behind} ở N / at N, s`, () => stage.platform('upgrade', { ...next, [`${behind}.image.tag`]: images.tags.present }));
    await step('quay lui về N+1 / rollback to N+1, s', () => rollback(stage, -1));
    await step('quay lui về N / rollback to N, s', () => rollback(stage, -3));
    await sleep(WORK_MS);
    const { counts, acknowledged, p99Ms } = await load.stop();
    const { faults } = await load.faults();
    const crossed = await readBy(kube);
    const failed = failedOf(counts);
    if (failed > 0) faults.unshift(`yêu cầu hỏng / failed requests: ${failed} ${JSON.stringify(counts.why)}`);
    if (crossed.both === 0 || crossed.ignored === 0) faults.push(`hai bản không gặp nhau / the versions did not meet: ${JSON.stringify(crossed)}`);
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { ...took, 'yêu cầu / requests': counts.sent, 'hỏng / failed': failed, 'đã xác nhận / acknowledged': acknowledged, 'p99, ms': p99Ms, 'N+1 kể, N+1 đọc / told and read by N+1': crossed.both, 'N+1 kể, N đọc / told by N+1, read by N': crossed.ignored };
  },
};

/** Requests that got no good answer although nothing was refused. @param {import('../../../test/chaos/client.js').Counts} counts */
export function failedOf({ cut, shed, failed }) {
  return cut + shed + failed;
}

/** @param {import('../stage.js').Stage} stage @param {number} by revisions before the current one */
async function rollback({ kube }, by) {
  const history = JSON.parse(await kube.helm(['history', 'quan-so', '-n', PLATFORM, '-o', 'json']));
  const revision = history.at(-1).revision + by;
  await kube.helm(['rollback', 'quan-so', String(revision), '-n', PLATFORM, '--wait', '--timeout', '300s']);
}

/** Events of the next version: read with their new field by the next, ignored by the present one. @param {import('../kube.js').Kube} kube */
async function readBy(kube) {
  const read = reader(kube);
  const told = await read('dossiers')('', "SELECT subject || '/' || (envelope::json->'data'->>'version') AS step FROM outbox WHERE topic = 'records.dossiers' AND envelope::json->'data'->>'remark' IS NOT NULL", []);
  const next = new Set(told.map(({ step }) => step));
  const taken = await read('warehouse')('', "SELECT key || '/' || version AS step, taken_by IS NOT NULL AND remark IS NOT NULL AS whole FROM record_history WHERE dataset = 'dossiers'", []);
  const ours = taken.filter(({ step }) => next.has(step));
  return { both: ours.filter(({ whole }) => whole).length, ignored: ours.filter(({ whole }) => !whole).length };
}
