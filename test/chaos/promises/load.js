/** R10, R12: ten times the work, and a roll through all processes under load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { during, must, noneDied, untilAcknowledged } from './scene.js';

/** @typedef {import('../run.js').Scene} Scene */

const READY_MS = 60_000;

/** R12: ten times as many commands are begun; what is not taken is answered 503 and comes again. @param {number} seconds @returns {Scene} */
export function overload(seconds) {
  return {
    play: async ({ client, ground, tell }) => {
      // The first seconds are those of compilers.
      await sleep(10_000);
      const usual = await during(client, () => sleep(10_000));
      const rss = memoryOf(ground);
      client.start({ rate: 600, workers: 300 });
      const seen = await during(client, () => sleep(seconds * 1_000));
      const later = memoryOf(ground);
      client.calm();
      const back = await untilAcknowledged(client, 10_000);
      tell(`10 × for ${seconds} s: acknowledged ${seen.acknowledged}, 503 and 429 ${seen.shed}, other 5xx ${seen.failed}; p99 of what was taken ${usual.p99} → ${seen.p99} ms; memory ${rss} → ${later} MiB; acknowledged again after ${back} ms`);
      return [...must(seen.failed === 0, `${seen.failed} answers 5xx other than 503`), ...must(back <= 10_000, 'nothing was acknowledged within 10 s after the storm')];
    },
    judge: noneDied,
  };
}

/** MiB of all processes together. @param {import('../ground.js').Ground} ground */
function memoryOf({ instances }) {
  return Math.round(instances.reduce((sum, one) => sum + one.memory(), 0) / 2 ** 20);
}

/** R10 as far as one version can show it: every process is stopped in order and comes again, one after the other, twice. @returns {Scene} */
export function roll() {
  return {
    play: async ({ client, ground, tell }) => {
      /** @type {string[]} */
      const found = [];
      const seen = await during(client, async () => {
        for (const one of [...ground.instances, ...ground.instances]) {
          const { code, ms } = await one.term();
          found.push(...must(code === 0 && ms <= 30_000, `${one.name}: ${code} after ${ms} ms`));
          await one.untilReady(READY_MS);
        }
      });
      tell(`rolled twice through ${ground.instances.length} processes: acknowledged ${seen.acknowledged}, 503 ${seen.shed}, other 5xx ${seen.failed}, longest without an answer ${seen.gapMs} ms`);
      return [...found, ...must(seen.failed === 0, `${seen.failed} answers 5xx other than 503`)];
    },
    judge: noneDied,
  };
}
