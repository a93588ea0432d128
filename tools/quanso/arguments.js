/** What was typed; pure. */
import { EXIT, Failure } from './failure.js';

/**
 * @typedef {object} Options
 * @property {string} [base] address of the platform, before `/api`
 * @property {'vi' | 'en'} lang
 * @property {boolean} json
 * @property {boolean} wait
 * @property {string} [service]
 * @property {string} [topic]
 * @property {string} [key]
 * @property {string} [reason]
 * @property {string} [event]
 * @property {string} [because]
 * @property {number} [perSecond]
 */
/** @typedef {{ service: string, replayId: string, version: number }} Handle */
/** @typedef {{ command: string, handle?: Handle, options: Options }} Asked */

/** Each command, the options it takes beside those of all, and whether it names a plan. @type {Readonly<Record<string, { takes: readonly string[], needs: readonly string[], handle?: true }>>} */
const COMMANDS = {
  lag: { takes: ['service'], needs: [] },
  'parked list': { takes: ['service', 'topic', 'key', 'reason'], needs: [] },
  'parked plan': { takes: ['service', 'topic', 'key', 'reason', 'event', 'because', 'per-second'], needs: ['service', 'because'] },
  'parked replays': { takes: ['service'], needs: [] },
  'parked apply': { takes: ['because', 'wait'], needs: ['because'], handle: true },
  'parked pause': { takes: ['because'], needs: ['because'], handle: true },
  'parked resume': { takes: ['because', 'wait'], needs: ['because'], handle: true },
  'parked cancel': { takes: ['because'], needs: ['because'], handle: true },
  'reconcile plan': { takes: ['service', 'because'], needs: ['because'] },
  'reconcile apply': { takes: ['service', 'because'], needs: ['because'] },
};
const ALWAYS = ['base', 'lang', 'json'];
const SWITCHES = ['json', 'wait'];
const HANDLE = /^([a-z]+(?:-[a-z]+)*)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([1-9]\d{0,8})$/;

/** Throws Failure with code 2. @param {readonly string[]} argv @returns {Asked} */
export function read(argv) {
  const { words, given } = split(argv);
  const command = words.slice(0, words[0] === 'lag' ? 1 : 2).join(' ');
  const chosen = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (chosen === undefined) throw misuse(`Không có lệnh "${words.join(' ')}".`, `There is no command "${words.join(' ')}".`);
  const rest = words.slice(command.split(' ').length);
  for (const name of given.keys()) if (![...ALWAYS, ...chosen.takes].includes(name)) throw misuse(`"${command}" không có --${name}.`, `"${command}" takes no --${name}.`);
  for (const name of chosen.needs) if (!given.get(name)) throw misuse(`"${command}" cần --${name}.`, `"${command}" needs --${name}.`);
  if (rest.length !== (chosen.handle ? 1 : 0)) throw misuse(chosen.handle ? `"${command}" cần một kế hoạch, dạng dịch-vụ/mã@phiên-bản.` : `Thừa "${rest.join(' ')}".`, chosen.handle ? `"${command}" needs one plan, service/id@version.` : `"${rest.join(' ')}" is too much.`);
  return { command, ...(chosen.handle ? { handle: handleOf(rest[0] ?? '') } : {}), options: optionsOf(given) };
}

/** @param {readonly string[]} argv */
function split(argv) {
  const words = /** @type {string[]} */ ([]);
  const given = /** @type {Map<string, string>} */ (new Map());
  for (let i = 0; i < argv.length; i += 1) {
    const one = argv[i] ?? '';
    if (!one.startsWith('--')) {
      words.push(one);
      continue;
    }
    const [name = '', ...inline] = one.slice(2).split('=');
    const value = SWITCHES.includes(name) ? 'yes' : inline.length > 0 ? inline.join('=') : argv[(i += 1)];
    if (value === undefined) throw misuse(`--${name} cần một giá trị.`, `--${name} needs a value.`);
    given.set(name, value);
  }
  return { words, given };
}

/** @param {string} text @returns {Handle} */
function handleOf(text) {
  const [, service, replayId, version] = HANDLE.exec(text) ?? [];
  if (service === undefined || replayId === undefined) throw misuse(`"${text}" không phải dịch-vụ/mã@phiên-bản.`, `"${text}" is not service/id@version.`);
  return { service, replayId, version: Number(version) };
}

/** @param {ReadonlyMap<string, string>} given @returns {Options} */
function optionsOf(given) {
  const lang = given.get('lang') ?? 'vi';
  if (lang !== 'vi' && lang !== 'en') throw misuse('--lang là vi hoặc en.', '--lang is vi or en.');
  const pace = given.get('per-second');
  if (pace !== undefined && !/^[1-9]\d{0,2}$/.test(pace)) throw misuse('--per-second là số từ 1 đến 500.', '--per-second is a number from 1 to 500.');
  const service = given.get('service');
  if (service !== undefined && !/^[a-z]+(-[a-z]+)*$/.test(service)) throw misuse('--service là tên dịch vụ.', '--service is the name of a service.');
  const texts = Object.fromEntries(['base', 'topic', 'key', 'reason', 'event', 'because'].flatMap((name) => (given.has(name) ? [[name, given.get(name)]] : [])));
  return { ...texts, ...(service === undefined ? {} : { service }), ...(pace === undefined ? {} : { perSecond: Number(pace) }), lang, json: given.has('json'), wait: given.has('wait') };
}

/** @param {string} vi @param {string} en */
function misuse(vi, en) {
  return new Failure(EXIT.usage, vi, en);
}

export const USAGE = `npm run quanso -- <lệnh / command>

  lag                                        đợi bao lâu, đỗ bao nhiêu / what waits, what is parked
  parked list [--topic T] [--key K] [--reason R]
  parked plan --service S (--event ID | --topic T --key K | --reason R) --because "…" [--per-second N]
  parked apply|resume PLAN --because "…" [--wait]
  parked pause|cancel PLAN --because "…"
  parked replays
  reconcile plan|apply --because "…"         tìm chỗ hụt, gửi lại / finds gaps, sends again

  --service S   một dịch vụ / one service       --base URL   nền tảng / the platform
  --json        cho máy / for programs          --lang vi|en
  PLAN: dịch-vụ/mã@phiên-bản, như "plan" in ra / service/id@version, as "plan" prints it
  QUANSO_TOKEN: mã truy cập; không có thì tài khoản thử it-admin / access token; else the demo account it-admin`;
