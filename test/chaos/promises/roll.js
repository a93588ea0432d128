/** R10: from version N to N+1 and back under load, one process at a time, beside each other on the way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NEXT_MODULE } from './next.js';
import { during, WORDS } from './scene.js';

/** @typedef {import('../run.js').Stage} Stage */

const READY_MS = 90_000;
const LONGEST_STOP_MS = 30_000;
/** So long each state of the way works. */
const WORK_MS = 5_000;

/**
 * Consumers before producers on the way up, so that the new field is not only told but read; on the way down they go first
 * too, so that the old version reads what the new one still tells.
 * @returns {import('../run.js').Scene}
 */
export function roll() {
  return {
    play: async (stage) => {
      const { client, ground, sight } = stage;
      await sleep(WORK_MS);
      await ground.migrate(['--import', NEXT_MODULE]);
      const seen = await during(client, async () => {
        for (const build of /** @type {const} */ (['next', 'present'])) {
          for (const service of ['catalog', 'warehouse', 'dossiers']) {
            await rollOne(stage, service, build);
            await sleep(WORK_MS);
          }
          // The version before finds its tables with more in them than it knows, and nothing to do.
          if (build === 'next') await ground.migrate([]);
        }
      });
      sight.tell('tiến trình được thay / processes replaced', 2 * ground.instances.length);
      sight.tell('yêu cầu / requests', seen.sent);
      sight.most('yêu cầu hỏng khi không gửi lại / requests failed without sending again', seen.cut + seen.shed + seen.failed, 0);
      for (const [code, count] of seen.why) sight.tell(code, count);
      sight.tell(WORDS.turned, seen.turned);
      sight.tell(WORDS.gap, seen.gapMs);
    },
    judge: async ({ read, sight }) => {
      const told = await counts(read('dossiers'), 'chaos-remarks', `SELECT (envelope::json->'data'->>'remark' IS NOT NULL) AS next, subject, (envelope::json->'data'->>'version')::int AS version FROM outbox WHERE topic = 'records.dossiers' AND type = 'vn.quanso.data.record-changed.v1'`);
      const taken = await counts(read('warehouse'), 'chaos-taken-by', `SELECT (taken_by IS NOT NULL) AS next, key AS subject, version, remark FROM record_history WHERE dataset = 'dossiers'`);
      const crossed = (/** @type {boolean} */ tells, /** @type {boolean} */ takes) => [...told].filter(([step, by]) => by.next === tells && taken.get(step)?.next === takes);
      sight.least('N+1 kể, N+1 đọc trường mới / told and read by N+1 with the new field', crossed(true, true).filter(([step]) => taken.get(step)?.remark !== null).length, 1);
      sight.most('N+1 đọc mà thiếu trường mới / read by N+1 without it', crossed(true, true).filter(([step]) => taken.get(step)?.remark === null).length, 0);
      sight.least('N+1 kể, N đọc và bỏ qua trường mới / told by N+1, read by N, which ignores it', crossed(true, false).length, 1);
      sight.least('N kể, N+1 đọc / told by N, read by N+1', crossed(false, true).length, 1);
      sight.tell('N kể, N đọc / told and read by N', crossed(false, false).length);
    },
  };
}

/** @param {Stage} stage @param {string} service @param {'next' | 'present'} build */
async function rollOne({ ground, sight }, service, build) {
  for (const one of ground.instances.filter(({ given }) => given.service === service)) {
    one.build(build === 'next' ? ['--import', NEXT_MODULE] : []);
    const { code, ms } = await one.term();
    if (code !== 0 || ms > LONGEST_STOP_MS) sight.most(`${one.name}: dừng không êm (${code}) / did not stop well, ms`, ms, -1);
    await one.untilReady(READY_MS);
  }
}

/** @param {import('../facts.js').Read} read @param {string} name @param {string} text */
async function counts(read, name, text) {
  const rows = await read(name, text, []);
  return new Map(rows.map(({ subject, version, next, remark }) => [`${subject}/${version}`, { next, remark: remark ?? null }]));
}
