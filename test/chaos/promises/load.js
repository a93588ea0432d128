/** R12: ten times the work. */
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { during, untilAcknowledged, WORDS } from './scene.js';

/** @typedef {import('../run.js').Scene} Scene */

const LOOK_MS = 1_000;
/** The first seconds are those of compilers, and the heap of a service that has hardly worked is smaller than it ever is again. */
const WARM_MS = 40_000;
const WARM = { rate: 90, workers: 30 };
/** What those of the warm time have left is done. */
const CALM_MS = 10_000;
const USUAL_MS = 20_000;
/** A service learns of a storm from its answers. */
const LEARN_MS = 5_000;
/** Below that nobody notices, and turning people away in order to be quicker would help none of them. */
const NOTICED_MS = 100;
/** Whoever asks has a processor of their own; where this may not be set (no root) the storm is also theirs. */
const OWN_PROCESSOR = -10;
/** Against 30 commands a second. */
const STORM = { rate: 270, workers: 300 };

/**
 * R12: ten times as many commands are begun; what is not taken is answered 503 or 429 and comes again when the answer says.
 * @param {number} seconds @returns {Scene}
 */
export function overload(seconds) {
  return {
    play: async ({ client, ground, sight }) => {
      givePriority();
      client.start(WARM);
      await sleep(WARM_MS);
      client.calm();
      await sleep(CALM_MS);
      const before = await largest(ground, () => during(client, () => sleep(USUAL_MS)));
      client.start({ ...STORM, patient: true });
      const first = await during(client, () => sleep(LEARN_MS));
      const storm = await largest(ground, () => during(client, () => sleep(seconds * 1_000 - LEARN_MS)));
      client.calm();
      const back = await untilAcknowledged(client, 10_000);
      const [usual, seen] = [before.value, storm.value];
      sight.tell('bình thường: yêu cầu mỗi giây / usual: requests per second', Math.round(usual.sent / (USUAL_MS / 1_000)));
      sight.tell('quá tải: yêu cầu mỗi giây / storm: requests per second', Math.round(seen.sent / (seconds - LEARN_MS / 1_000)));
      sight.tell(WORDS.acknowledged, seen.acknowledged);
      sight.least(WORDS.shed, seen.shed, 1);
      sight.most('503, 429 thiếu Retry-After / without Retry-After', client.counts.unsaid, 0);
      sight.most(WORDS.failed, first.failed + seen.failed, 0);
      sight.most(WORDS.cut, first.cut + seen.cut, 0);
      sight.tell('p99 bình thường, ms / usual p99, ms', usual.p99);
      sight.tell('p99 trong năm giây đầu, ms / p99 in the first five seconds, ms', first.p99);
      sight.most('p99 của điều được nhận, ms / p99 of what was taken, ms', seen.p99, Math.max(NOTICED_MS, 2 * usual.p99));
      sight.tell('bộ nhớ bình thường, MiB / usual memory, MiB', before.mib);
      sight.most('bộ nhớ khi quá tải, MiB / memory in the storm, MiB', storm.mib, Math.round(1.2 * before.mib));
      sight.most(WORDS.back, back, 10_000);
    },
  };
}

function givePriority() {
  try {
    setPriority(OWN_PROCESSOR);
  } catch {
    // Not allowed: measured all the same.
  }
}

/** The most memory all processes together had meanwhile. @template T @param {import('../ground.js').Ground} ground @param {() => Promise<T>} work */
async function largest({ instances }, work) {
  let mib = 0;
  const look = setInterval(() => {
    mib = Math.max(mib, Math.round(instances.reduce((sum, one) => sum + one.memory(), 0) / 2 ** 20));
  }, LOOK_MS);
  const value = await work().finally(() => clearInterval(look));
  return { value, mib };
}
