/** What is done to the platform and when, drawn from a seed: the same seed and sizes give the same blows in the same order. */
import { createHash } from 'node:crypto';

/**
 * @typedef {'api' | 'relay' | 'consumer' | 'reference' | 'process' | 'broker' | 'postmaster'} KillKind who is killed with SIGKILL
 * @typedef {{ act: 'kill', kind: KillKind } | { act: 'freeze', kind: 'relay' | 'consumer' | 'api' | 'process', ms: number } | { act: 'term' } | { act: 'restart' }} Deed
 * @typedef {Deed & { afterMs: number, pick: number }} Blow `pick` in [0, 1) chooses among equals, `afterMs` is the quiet before it
 * @typedef {{ transport: 'kafka' | 'local', seed: number, kills: number, freezes: number, terms: number, restarts: number, quietMs: number }} Sizes
 */

/** Shares of the kills; what is killed most is what has most ways to be wrong. @type {Record<Sizes['transport'], readonly (readonly [KillKind, number])[]>} */
const SHARES = {
  kafka: [['relay', 0.22], ['consumer', 0.22], ['api', 0.2], ['postmaster', 0.18], ['broker', 0.14], ['reference', 0.04]],
  local: [['process', 0.7], ['postmaster', 0.3]],
};
/** A session at the broker lasts ten seconds: a consumer that sleeps longer comes back as a zombie. */
const ASLEEP_MS = { relay: 5_000, consumer: 14_000, api: 6_000, process: 5_000 };

/** Numbers in [0, 1) from a seed (mulberry32). @param {number} seed @returns {() => number} */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The blows in their order. Each kind is spread over the whole run: what comes in a row would test one recovery only.
 * @param {Sizes} sizes
 * @returns {Blow[]}
 */
export function planOf(sizes) {
  const random = randomOf(sizes.seed);
  const freezes = /** @type {('relay' | 'consumer' | 'api' | 'process')[]} */ (sizes.transport === 'kafka' ? ['relay', 'consumer', 'api'] : ['process']);
  /** @type {Deed[][]} */
  const groups = [
    ...countsOf(sizes.kills, SHARES[sizes.transport]).map(([kind, count]) => Array.from({ length: count }, () => /** @type {Deed} */ ({ act: 'kill', kind }))),
    Array.from({ length: sizes.freezes }, (_, i) => {
      const kind = freezes[i % freezes.length] ?? 'api';
      return /** @type {Deed} */ ({ act: 'freeze', kind, ms: ASLEEP_MS[kind] });
    }),
    Array.from({ length: sizes.terms }, () => /** @type {Deed} */ ({ act: 'term' })),
    Array.from({ length: sizes.restarts }, () => /** @type {Deed} */ ({ act: 'restart' })),
  ];
  return groups
    .flatMap((group) => group.map((deed, i) => ({ deed, at: (i + random()) / group.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ deed }) => ({ ...deed, afterMs: Math.round(sizes.quietMs * (0.4 + 1.2 * random())), pick: random() }));
}

/** Hash of what a run was given, so that two results can be said to come from the same blows. @param {Sizes & { rate: number }} sizes */
export function inputsOf(sizes) {
  return createHash('sha256').update(JSON.stringify([sizes, planOf(sizes)])).digest('hex');
}

/** Whole numbers that add up to `total`, the largest remainders first. @param {number} total @param {readonly (readonly [KillKind, number])[]} shares @returns {[KillKind, number][]} */
function countsOf(total, shares) {
  const exact = shares.map(([kind, share]) => ({ kind, count: Math.floor(share * total), rest: (share * total) % 1 }));
  let left = total - exact.reduce((sum, { count }) => sum + count, 0);
  for (const one of [...exact].sort((a, b) => b.rest - a.rest)) if (left-- > 0) one.count += 1;
  return exact.map(({ kind, count }) => [kind, count]);
}
