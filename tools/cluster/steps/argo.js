/**
 * Both releases by the engine that Argo CD syncs with, from what the charts render: a first sync into empty namespaces, one
 * of this version over the one before, and one that changes nothing. Migrations run before any pod changes, each time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { render } from '../../charts/helm.js';
import { cleared, people, putGateway } from '../installed.js';
import { ask } from '../kube.js';
import { namespace, PLATFORM, platformArgs, STORES, storesArgs } from '../place.js';
import { reader } from '../sql.js';
import { failedOf, servingIn } from './upgrade.js';

const WORK_MS = 8_000;

/** @type {import('./steps.js').Step} */
export const argo = {
  id: 'argo',
  vi: 'cả hai bản cài bằng máy đồng bộ của Argo CD: lần đầu, lên bản mới, và một lần không đổi gì',
  en: 'both releases by the engine of Argo CD: a first sync, one to a newer version, one that changes nothing',
  run: async (stage) => {
    const { kube, images, shape } = stage;
    await cleared(stage);
    await kube.apply([STORES, PLATFORM].map(namespace));
    stage.isOurs = true;
    await people(stage);
    const first = (await sync(stage, STORES, storesArgs(images.previous))) + (await sync(stage, PLATFORM, platformArgs(shape, images.previous)));
    await stage.settled();
    await putGateway(stage);
    const load = await stage.load('argo', 6);
    await sleep(WORK_MS);
    const before = await migrated(kube);
    const second = (await sync(stage, STORES, storesArgs(images.present))) + (await sync(stage, PLATFORM, platformArgs(shape, images.present)));
    await kube.settled(PLATFORM);
    const [after, pods] = [await migrated(kube), await servingIn(kube)];
    await sync(stage, PLATFORM, platformArgs(shape, images.present));
    await sleep(WORK_MS);
    const { counts, acknowledged } = await load.stop();
    const { faults } = await load.faults();
    if (after <= before) faults.push(`migration: ${before} → ${after}`);
    if ((await servingIn(kube)) !== pods) faults.push('pod đổi dù không có gì đổi / pods changed although nothing had');
    if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
    return { 'lần đầu, s / first sync, s': first, 'lên bản này, s / to this version, s': second, 'migration': `${before} → ${after}`, 'hỏng / failed': failedOf(counts), 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': 0 };
  },
};

/** One sync of what a release renders; answers its seconds. @param {import('../stage.js').Stage} stage @param {string} path @param {readonly string[]} args */
async function sync({ kube, dir, gitops }, path, [chart = '', folder = '', , , ...args]) {
  const { code, output, stdout } = await render(kube.helmPath, { name: chart, chart, namespace: path, args }, folder);
  if (code !== 0) throw new Error(output);
  const file = join(dir, `gitops-${path}.yaml`);
  writeFileSync(file, stdout);
  const began = performance.now();
  const done = await ask(String(gitops), [path, file]);
  if (done.code !== 0) throw new Error(`gitops ${path}: ${done.output.slice(-1_500)}`);
  return Math.round((performance.now() - began) / 1_000);
}

/** Migrations in the warehouse's database. @param {import('../kube.js').Kube} kube */
async function migrated(kube) {
  const [row] = await reader(kube)('warehouse')('', 'SELECT count(*)::int AS n FROM migration', []);
  return Number(row?.['n']);
}
