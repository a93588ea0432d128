/** What is printed for people; pure. Vietnamese first. */

/** @typedef {'vi' | 'en'} Lang */

/** Numbers above which somebody should look. */
export const LIMIT_SECONDS = 60;

/** @param {Lang} lang @param {string} vi @param {string} en */
const say = (lang, vi, en) => (lang === 'vi' ? vi : en);

/** @param {number} seconds @param {Lang} lang */
export function duration(seconds, lang) {
  const units = /** @type {const} */ ([[86_400, 'ngày', 'd'], [3_600, 'giờ', 'h'], [60, 'phút', 'min'], [1, 'giây', 's']]);
  const [size, vi, en] = units.find(([length]) => seconds >= length) ?? [1, 'giây', 's'];
  return `${Math.floor(seconds / size)} ${say(lang, vi, en)}`;
}

/** @param {any} state */
export function needsAttention(state) {
  const { parked, gaps, oldestUnsentSeconds, oldestUnreadSeconds } = state;
  return countOf(parked) + gaps > 0 || Math.max(oldestUnsentSeconds, oldestUnreadSeconds) > LIMIT_SECONDS;
}

/** @param {Record<string, unknown>} parked */
function countOf(parked) {
  return Object.values(parked).reduce((/** @type {number} */ sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
}

/** ` (HANDLER 1, STALE 2)`; nothing when none is parked. @param {Record<string, unknown>} parked */
function reasonsOf(parked) {
  const some = Object.entries(parked).flatMap(([reason, count]) => (typeof count === 'number' && count > 0 ? [`${reason} ${count}`] : []));
  return some.length === 0 ? '' : ` (${some.join(', ')})`;
}

/** @param {string} service @param {any} state @param {Lang} lang */
export function stateLine(service, state, lang) {
  const { unsent, oldestUnsentSeconds, oldestUnreadSeconds, parked, gaps, replicaSeconds } = state;
  const parts = [
    unsent === 0 ? say(lang, 'đã gửi hết', 'all is sent') : say(lang, `${unsent} chưa gửi, cũ nhất ${duration(oldestUnsentSeconds, lang)}`, `${unsent} unsent, the oldest is ${duration(oldestUnsentSeconds, lang)} old`),
    oldestUnreadSeconds === 0 ? say(lang, 'đã đọc hết những gì đã đến', 'all that came is read') : say(lang, `chưa đọc cũ nhất ${duration(oldestUnreadSeconds, lang)}`, `the oldest unread is ${duration(oldestUnreadSeconds, lang)} old`),
    say(lang, `đỗ ${countOf(parked)}${reasonsOf(parked)}`, `${countOf(parked)} parked${reasonsOf(parked)}`),
    say(lang, `hụt ${gaps}`, `${gaps} gaps`),
    ...(replicaSeconds === null ? [] : [say(lang, `bản sao cũ ${duration(replicaSeconds, lang)}`, `replicas are ${duration(replicaSeconds, lang)} old`)]),
  ];
  return `${needsAttention(state) ? '!' : '✓'} ${service}: ${parts.join('; ')}`;
}

/** @param {string} service @param {any} message @param {Lang} lang */
export function parkedLines(service, message, lang) {
  const { eventId, topic, key, reason, error, faults, places, tries, since, behind } = message;
  const lines = [
    `${service}  ${topic}  ${key}`,
    `  ${reason}${error ? ` ${error}` : ''}${faults ? ` ${faults}` : ''}; ${say(lang, `từ ${since}, đã thử ${tries} lần, ${behind} đứng sau`, `since ${since}, tried ${tries} times, ${behind} behind`)}`,
    `  ${say(lang, 'sự kiện', 'event')} ${eventId}`,
  ];
  return places.length === 0 ? lines : [...lines, `  ${places[0]}`];
}

/** @param {string} service @param {any} replay */
export function handleOf(service, { replayId, version }) {
  return `${service}/${replayId}@${version}`;
}

/** @param {string} service @param {any} replay @param {Lang} lang */
export function replayLines(service, replay, lang) {
  const { state, messages, keys, oldest, processed, left, cap, perSecond, done, failed, because, by } = replay;
  const states = { planned: 'đã lập', running: 'đang chạy', paused: 'tạm dừng', done: 'xong', cancelled: 'đã huỷ' };
  const shown = say(lang, states[/** @type {keyof typeof states} */ (state)] ?? state, state);
  const lines = [
    `${handleOf(service, replay)}  ${shown}`,
    `  ${say(lang, `${messages} thông điệp, ${keys} khoá, cũ nhất ${oldest ?? '–'}; đã xử lý từ trước ${processed}; trần ${cap}, còn lại ${left}; ${perSecond}/giây`, `${messages} messages, ${keys} keys, the oldest since ${oldest ?? '–'}; processed already ${processed}; cap ${cap}, left ${left}; ${perSecond}/s`)}`,
    `  ${say(lang, `xong ${done}, hỏng lại ${failed}; ${by}: ${because}`, `done ${done}, failed again ${failed}; ${by}: ${because}`)}`,
  ];
  if (state !== 'planned') return lines;
  return [...lines, `  ${say(lang, 'chạy', 'run')}: npm run quanso -- parked apply ${handleOf(service, replay)} --because "…"`];
}

/** @param {string} service @param {any} gap @param {Lang} lang */
export function gapLine(service, { kind, topic, from, to, told, heard, missing, asks, givenUpAt }, lang) {
  const numbers = kind === 'COUNT' ? say(lang, `đã nói ${told}, đã nghe ${heard}`, `told ${told}, heard ${heard}`) : kind === 'POSITIONS' ? say(lang, `nhảy qua ${missing} vị trí`, `${missing} places jumped over`) : say(lang, 'mất bản đối soát', 'a reckoning is lost');
  const asked = asks > 0 ? say(lang, `; đã tự hỏi ${asks} lần`, `; asked for ${asks} times`) : '';
  const given = givenUpAt ? say(lang, '; đã thôi hỏi, cần người xem', '; given up, somebody has to look') : '';
  return `${service}  ${topic}  ${from ?? '…'} – ${to}: ${numbers}${asked}${given}`;
}
