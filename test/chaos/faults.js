/** Builds that are broken on purpose: the built file is altered on its way into the process, nothing on disk changes. */
import { PartError } from '../../tools/real/cache.js';
import { alter } from './altered.js';

/**
 * @typedef {object} Fault
 * @property {string} vi
 * @property {string} en
 * @property {string} file   end of the built file's address
 * @property {RegExp} find
 * @property {string} put
 * @property {Partial<import('./run.js').Options>} [sizes]
 */

/** @type {Record<string, Fault>} */
const FAULTS = {
  'relay-marks-before-send': {
    vi: 'đánh dấu đã gửi trước khi bên chuyển xác nhận', en: 'marks as sent before the broker has acknowledged',
    file: 'messaging/dist/kafka-transport.js',
    find: /await this\.#port\.send\(/,
    put: 'await markSent(lock, shipments.flatMap(({ rows }) => rows)); await this.#port.send(',
  },
  'consumer-acks-before-commit': {
    vi: 'xác nhận đã nhận trước khi có tác dụng', en: 'acknowledges a batch before its effects are committed',
    file: 'messaging/dist/kafka-client.js',
    find: /const done = await take\(/,
    put: 'resolveOffset(String(end)); await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets()).catch(() => undefined); await new Promise((r) => setTimeout(r, 100)); const done = await take(',
  },
  'commit-not-looked-at': {
    vi: 'một phần năm mươi giao dịch bị huỷ mà vẫn trả lời đã xong', en: 'one transaction in fifty is rolled back and answered as done',
    file: 'persistence/dist/transaction.js',
    find: /, commit\(client, place\)\]\);/,
    put: ', Math.random() < 0.02 ? client.query("ROLLBACK") : commit(client, place)]);',
  },
};

export const faultNames = () => Object.keys(FAULTS);

/** @param {string} name @returns {Fault & { module: string }} */
export function faultNamed(name) {
  const fault = FAULTS[name];
  if (fault === undefined) throw new PartError(`Không có lỗi / there is no fault "${name}": ${faultNames().join(', ')}.`);
  return { ...fault, module: `${import.meta.url}?fault=${name}` };
}

// Loaded by `--import` into a service: from here on its file is read with the fault in it.
const chosen = new URL(import.meta.url).searchParams.get('fault');
if (chosen !== null) alter(chosen, [faultNamed(chosen)]);
