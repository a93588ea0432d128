import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Failure } from './failure.js';
import { gapLine, needsAttention, parkedLines, replayLines, stateLine } from './words.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./arguments.js').Asked} Asked */
/** What is printed, what is printed with --json, how it ends. @typedef {{ lines: string[], answer: unknown, code: number }} Outcome */

const POLL_MS = 500;
/** What is sent again by itself goes as fast; a large window would take an hour otherwise. */
const FAST = 500;

/** @param {Api} api @param {Asked} asked @returns {Promise<Outcome>} */
export function run(api, asked) {
  const [group, verb = ''] = asked.command.split(' ');
  if (group === 'lag') return lag(api, asked);
  if (group === 'reconcile') return reconcile(api, asked, verb === 'apply');
  if (verb === 'list') return list(api, asked);
  if (verb === 'plan') return plan(api, asked);
  if (verb === 'replays') return replays(api, asked);
  return act(api, asked, verb);
}

/** @param {string} service */
const at = (service) => `/api/${service}/v1/operations`;

/** @param {Api} api @param {Asked} asked @returns {Promise<readonly string[]>} */
async function chosen(api, { options: { service } }) {
  const services = await api.services();
  if (service === undefined) return services;
  if (services.includes(service)) return [service];
  throw new Failure(EXIT.usage, `Không có dịch vụ "${service}"; có: ${services.join(', ')}.`, `There is no service "${service}"; there are: ${services.join(', ')}.`);
}

/** One question to every service chosen. @template T @param {Api} api @param {Asked} asked @param {(service: string) => Promise<T>} ask */
async function each(api, asked, ask) {
  const services = await chosen(api, asked);
  return Promise.all(services.map(async (service) => ({ service, found: await ask(service) })));
}

/** @param {Api} api @param {Asked} asked @returns {Promise<Outcome>} */
async function lag(api, asked) {
  const states = await each(api, asked, (service) => api.read(`${at(service)}/messages`));
  return {
    lines: states.map(({ service, found }) => stateLine(service, found, asked.options.lang)),
    answer: Object.fromEntries(states.map(({ service, found }) => [service, found])),
    code: states.some(({ found }) => needsAttention(found)) ? EXIT.attention : EXIT.done,
  };
}

/** @param {Api} api @param {Asked} asked @returns {Promise<Outcome>} */
async function list(api, asked) {
  const { topic, key, reason, lang } = asked.options;
  const query = new URLSearchParams(Object.entries({ topic, key, reason }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const parked = await each(api, asked, (service) => api.all(`${at(service)}/parked?${query}`));
  const lines = parked.flatMap(({ service, found }) => found.flatMap((message) => parkedLines(service, message, lang)));
  return {
    lines: lines.length > 0 ? lines : [lang === 'vi' ? 'Không có thông điệp nào đang đỗ.' : 'Nothing is parked.'],
    answer: parked.flatMap(({ service, found }) => found.map((message) => ({ service, ...message }))),
    code: EXIT.done,
  };
}

/** @param {Api} api @param {Asked} asked @returns {Promise<Outcome>} */
async function plan(api, asked) {
  const [service = ''] = await chosen(api, asked);
  const { event: eventId, topic, key, reason, perSecond, because, lang } = asked.options;
  const replay = await api.post(`${at(service)}/replays`, { eventId, topic, key, reason, perSecond, because });
  return { lines: replayLines(service, replay, lang), answer: { service, ...replay }, code: EXIT.done };
}

/** @param {Api} api @param {Asked} asked @returns {Promise<Outcome>} */
async function replays(api, asked) {
  const found = await each(api, asked, (service) => api.all(`${at(service)}/replays`));
  return {
    lines: found.flatMap(({ service, found: some }) => some.flatMap((replay) => replayLines(service, replay, asked.options.lang))),
    answer: found.flatMap(({ service, found: some }) => some.map((replay) => ({ service, ...replay }))),
    code: EXIT.done,
  };
}

/** @param {Api} api @param {Asked} asked @param {string} verb @returns {Promise<Outcome>} */
async function act(api, { handle, options: { because, wait, lang } }, verb) {
  if (handle === undefined) throw new TypeError('a command without its plan');
  const { service, replayId, version } = handle;
  const path = `${at(service)}/replays/${replayId}`;
  const done = await api.post(`${path}/${verb}`, { because }, version);
  const replay = wait ? await ended(api, path, done) : done;
  return { lines: replayLines(service, replay, lang), answer: { service, ...replay }, code: wait && replay.failed > 0 ? EXIT.attention : EXIT.done };
}

/** @param {Api} api @param {string} path @param {any} replay */
async function ended(api, path, replay) {
  for (let now = replay; ; now = await api.read(path)) {
    if (now.state !== 'running') return now;
    await sleep(POLL_MS);
  }
}

/**
 * Gaps at those who heard, repaired by those who told. Services do this by themselves; this command does it now, and with
 * services that do not hear each other ask. Jumps over places have no window of time; what was in them shows as a count within minutes.
 * @param {Api} api @param {Asked} asked @param {boolean} apply @returns {Promise<Outcome>}
 */
async function reconcile(api, asked, apply) {
  const { lang, because } = asked.options;
  const found = await each(api, asked, (service) => api.all(`${at(service)}/gaps`));
  const gaps = found.flatMap(({ service, found: some }) => some.map((gap) => ({ service, ...gap })));
  const lines = [];
  const answer = [];
  for (const gap of gaps) {
    lines.push(gapLine(gap.service, gap, lang));
    const { replay, refused } = await tried(async () => (gap.from === null ? undefined : again(api, gap, String(because), apply)));
    if (replay !== undefined) lines.push(...replayLines(replay.service, replay, lang).map((line) => `  ${line}`));
    if (refused !== undefined) lines.push(`  ${refused[lang]}`);
    answer.push({ gap, replay, refused: refused && (refused.answer ?? refused.en) });
  }
  if (gaps.length === 0) lines.push(lang === 'vi' ? 'Không có chỗ hụt nào.' : 'There are no gaps.');
  const calls = apply ? answer.some(({ refused }) => refused !== undefined) : gaps.length > 0;
  return { lines, answer, code: calls ? EXIT.attention : EXIT.done };
}

/**
 * A window of which nothing is kept, or that is too large, must not stop the gaps behind it; a platform that is away does.
 * @template T @param {() => Promise<T>} act @returns {Promise<{ replay?: T, refused?: Failure }>}
 */
async function tried(act) {
  try {
    return { replay: await act() };
  } catch (error) {
    if (error instanceof Failure && (error.code === EXIT.refused || error.code === EXIT.changed)) return { refused: error };
    throw error;
  }
}

/** The plan of the owner of a topic to send a window again, applied or not. @param {Api} api @param {any} gap @param {string} because @param {boolean} apply */
async function again(api, { topic, from, to }, because, apply) {
  const service = topic.slice(topic.indexOf('.') + 1);
  const planned = await api.post(`${at(service)}/replays`, { topic, from, to, because, perSecond: FAST });
  if (!apply) return { service, ...planned };
  const path = `${at(service)}/replays/${planned.replayId}`;
  return { service, ...(await ended(api, path, await api.post(`${path}/apply`, { because }, planned.version))) };
}
