/** Promises of the reconciler: what a broker dropped is found, asked for and sent again, by its owner alone and within bounds. */

const MENDER = 'libs/kernel/messaging/src/mender.ts';
const SPEC = 'libs/kernel/messaging/src/mender.int.spec.ts';

/** @type {readonly import('../sabotage.js').Fault[]} */
export const repair = [
  {
    ...{ name: 'foreign-topic-sent-again', promise: 'a service sends again only what it told itself' },
    ...{ file: MENDER, text: "if (!topics.has(said.topic)) return logger.error('events are asked for that are not told here', about);", fault: '' },
    ...{ spec: SPEC, test: 'sends nothing of a topic that is not its own, and calls for somebody' },
  },
  {
    ...{ name: 'paused-replay-sent-again', promise: 'what an operator paused stays paused, whoever asks' },
    ...{ file: MENDER, text: 'if (await isSentAgain(tx.sql, window)) return;', fault: '' },
    ...{ spec: SPEC, test: 'is not sent twice at once for two who ask, nor while an operator holds it' },
  },
  {
    ...{ name: 'half-kept-sent-again', promise: 'what is not kept whole any more calls for somebody instead of being taken for all' },
    ...{ file: MENDER, text: 'count < (said.told ?? 0)', fault: 'count < 0' },
    ...{ spec: SPEC, test: 'sends nothing when more were told than are kept, and calls for somebody' },
  },
  {
    ...{ name: 'no-count-behind-a-window', promise: 'a window that was sent again is counted again, which alone closes the gap' },
    ...{ file: 'libs/kernel/messaging/src/resender.ts', text: 'if (isLast) await tellReckoning(tx, whole);', fault: '' },
    ...{ spec: SPEC, test: 'a window of many minutes goes out slice by slice, each event once more with its id, and its count behind it' },
  },
  {
    ...{ name: 'any-change-is-progress', promise: 'what never comes is given up, and told once' },
    ...{ file: 'libs/kernel/messaging/src/reconcile.queries.ts', text: '< abs(told - heard) THEN NULL', fault: '<= abs(told - heard) THEN NULL' },
    ...{ spec: 'libs/kernel/messaging/src/asker.int.spec.ts', test: 'asks again, as often, for what came in part; not for what only differs in another way' },
  },
];
