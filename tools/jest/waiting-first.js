/**
 * Tests that wait for something (a database, a broker, a window of time) begin first; pure rules fill the end, where one
 * long test alone would keep the other processor idle.
 */
import sequencer from '@jest/test-sequencer';

/** What it is where modules are. @typedef {typeof import('@jest/test-sequencer').default} Sequencer */
const Sequencer = /** @type {Sequencer} */ (/** @type {unknown} */ (sequencer));
const WAITS = /\.(int|e2e|real|drill)\.spec\.[jt]s$/;

export default class WaitingFirst extends Sequencer {
  /** @param {Parameters<InstanceType<Sequencer>['sort']>[0]} tests @override */
  async sort(tests) {
    const all = await super.sort(tests);
    return [...all.filter(({ path }) => WAITS.test(path)), ...all.filter(({ path }) => !WAITS.test(path))];
  }
}
