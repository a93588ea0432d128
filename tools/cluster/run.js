/** The steps, one after the other, on a cluster that is there. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, Kube } from './kube.js';
import { loadWith } from './images.js';
import { lab } from './lab.js';
import { PLATFORM, ROOT, STORES } from './place.js';
import { keepResult } from './results.js';
import { commitOf, hashesOf } from './sources.js';
import { Stage } from './stage.js';
import { STEPS } from './steps/steps.js';

/** @param {import('./test-cluster.js').Prepared} prepared @returns {Promise<number>} exit code */
export async function runSteps({ helm, images, crds, bundle, gitops, load, lab: work, dir, only, shape }) {
  const fresh = only.includes('install');
  if (fresh) rmSync(dir, { recursive: true, force: true });
  const tell = (/** @type {string} */ line) => console.log(`    ${line}`);
  const stage = new Stage({ kube: new Kube(helm), images, dir, lab: work, crds, bundle, gitops, tell });
  stage.shape = shape;
  const source = { at: new Date().toISOString().slice(0, 10), commit: commitOf(ROOT), hashes: hashesOf(ROOT, work === undefined ? undefined : lab().folder) };
  // A lab forgets this when it is taken down, as it forgets the images.
  await loadNew(join(work === undefined ? dir : join(work, 'run'), 'loaded.json'), load, images);
  let failed = 0;
  try {
    for (const { id, vi, en, run } of STEPS.filter((step) => only.includes(step.id))) {
      console.log(`--- ${id}: ${vi} / ${en}`);
      const began = performance.now();
      const seconds = () => Math.round((performance.now() - began) / 100) / 10;
      try {
        const measures = await run(stage);
        if (measures === undefined) {
          console.log('  … bỏ qua, chỉ trên phòng thử / left out, on the lab alone');
          continue;
        }
        keepResult(ROOT, id, { ...source, shape, seconds: seconds(), measures });
        console.log(`  ✓ ${seconds()} s  ${Object.entries(measures).map(([name, value]) => `${name}: ${value}`).join('; ')}`);
      } catch (error) {
        failed += 1;
        keepResult(ROOT, id, undefined);
        console.log(`  ✗ ${seconds()} s  ${error instanceof Error ? error.message : error}`);
        await lookAround();
        await stage.quiet();
        // What follows stands on it.
        if (id === 'install') break;
      }
    }
  } finally {
    await stage.close();
  }
  console.log(failed === 0 ? '--- đạt / passed' : `--- KHÔNG ĐẠT / FAILED: ${failed}`);
  return failed === 0 ? 0 : 1;
}

/** Archives that these nodes do not have yet. @param {string} file @param {string} load @param {import('./images.js').Images} images */
async function loadNew(file, load, { archives }) {
  const there = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const missing = archives.filter(({ digest }) => !there.includes(digest));
  const began = performance.now();
  await loadWith(load, missing);
  writeFileSync(file, JSON.stringify(archives.map(({ digest }) => digest)));
  console.log(`--- ảnh / images: ${missing.length} nạp / loaded, ${Math.round((performance.now() - began) / 1_000)} s`);
}

/** For whoever reads why a step failed. */
async function lookAround() {
  for (const namespace of [STORES, PLATFORM]) {
    console.log((await ask('kubectl', ['-n', namespace, 'get', 'pods', '-o', 'wide'])).output.trimEnd());
    const events = (await ask('kubectl', ['-n', namespace, 'get', 'events', '--sort-by=.lastTimestamp', '--field-selector=type!=Normal'])).output.trimEnd().split('\n');
    console.log(events.slice(-8).join('\n'));
  }
}
