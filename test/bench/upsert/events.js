/**
 * What both sides are told, drawn from a seed: records as dossiers tell them (the golden event of the contract with other
 * names, units, words and times), new ones and later versions; a fifth of the events comes twice, some come late.
 */
import { readFileSync } from 'node:fs';

const CORPUS = new URL('../../../libs/contracts/data/corpus/vn.quanso.data.record-changed.v1/', import.meta.url);
/** By version: just received, in process, papers asked for; told before `command` was, which each version now says too. */
const COMMANDS = ['receive', 'assign', 'request-supplement'];
const GOLDEN = ['building-1-received.json', 'building-2-assigned.json', 'building-3-papers-asked.json'].map((name) => JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8')));

/** Of all events, those that come twice. */
export const REPEATED = 0.2;
/** Of later versions, those that come up to two passes over all records late, half of them behind the version after them. */
export const LATE = 0.1;
/** A relay that died sends its last batches again: a repeat follows within so many events. */
const REPEAT_WITHIN = 2_000;

const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý'];
const MIDDLES = ['Văn', 'Thị', 'Đức', 'Minh', 'Ngọc', 'Thanh', 'Quốc', 'Hữu', 'Xuân', 'Thu', 'Kim', 'Gia'];
const GIVEN = ['An', 'Bình', 'Châu', 'Dũng', 'Giang', 'Hà', 'Hải', 'Hoà', 'Hùng', 'Khánh', 'Lan', 'Linh', 'Long', 'Mai', 'Nam', 'Nga', 'Phúc', 'Quân', 'Sơn', 'Tâm', 'Thảo', 'Trang', 'Tuấn', 'Yến'];
const PROCEDURES = [
  { code: '1.013225', vi: 'Cấp giấy phép xây dựng mới', en: 'New building permit' },
  { code: '2.000815', vi: 'Chứng thực bản sao từ bản chính', en: 'Certified copy of an original' },
  { code: '1.001193', vi: 'Đăng ký khai sinh', en: 'Registration of a birth' },
  { code: '1.004873', vi: 'Cấp giấy xác nhận tình trạng hôn nhân', en: 'Confirmation of marital status' },
  { code: '1.001612', vi: 'Đăng ký thành lập hộ kinh doanh', en: 'Registration of a household business' },
];
const UNITS = ['H99.05', 'H99.06', 'H99.07', 'H99.08'];
const WARDS = 5;

/** mulberry32: small, fast, the same everywhere. @param {number} seed @returns {() => number} 0 ≤ n < 1 */
export function drawn(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One event by its record and version; in an order it is a number. @typedef {{ readonly record: number, readonly version: number }} Told */
const VERSIONS = 8;
const codeOf = (/** @type {number} */ record, /** @type {number} */ version) => record * VERSIONS + version;
/** @param {number} code @returns {Told} */
export const toldOf = (code) => ({ record: Math.floor(code / VERSIONS), version: code % VERSIONS });

/**
 * New records `from` … `from + fresh - 1`, a fifth of all events twice.
 * @param {{ seed: number, from: number, fresh: number }} given @returns {Uint32Array}
 */
export function inserts({ seed, from, fresh }) {
  return repeated(drawn(seed), Uint32Array.from({ length: fresh }, (_, i) => codeOf(from + i, 1)));
}

/**
 * Versions 2 and 3 of the first half of the records, pass after pass, as the steps of dossiers come: days apart. Some are late.
 * @param {{ seed: number, from: number, fresh: number }} given @returns {Uint32Array}
 */
export function updates({ seed, from, fresh }) {
  const random = drawn(seed ^ 0x5bd1e995);
  const records = Math.floor(fresh / 2);
  const order = Array.from({ length: records * 2 }, (_, i) => {
    const late = random() < LATE ? random() * 2 * records : 0;
    return { code: codeOf(from + (i % records), i < records ? 2 : 3), at: i + late };
  });
  order.sort((a, b) => a.at - b.at);
  return repeated(random, Uint32Array.from(order, ({ code }) => code));
}

/** @param {() => number} random @param {Uint32Array} codes */
function repeated(random, codes) {
  const again = REPEATED / (1 - REPEATED);
  const all = [...codes].map((code, i) => ({ code, at: i }));
  const twice = [...codes].flatMap((code, i) => (random() < again ? [{ code, at: i + 1 + random() * REPEAT_WITHIN }] : []));
  return Uint32Array.from(all.concat(twice).sort((a, b) => a.at - b.at), ({ code }) => code);
}

/** What arrives behind a later version of its record: what must not overwrite it. @param {Uint32Array} codes @param {Uint32Array} [before] */
export function outOfOrder(codes, before = new Uint32Array()) {
  const greatest = greatestOf(before);
  let count = 0;
  for (const code of codes) {
    const { record, version } = toldOf(code);
    if (version < (greatest.get(record) ?? 0)) count += 1;
    else greatest.set(record, version);
  }
  return count;
}

/** The version that must stand at the end, by record. @param {...Uint32Array} told @returns {Map<number, number>} */
export function greatestOf(...told) {
  const greatest = new Map();
  for (const codes of told) {
    for (const code of codes) {
      const { record, version } = toldOf(code);
      if (version > (greatest.get(record) ?? 0)) greatest.set(record, version);
    }
  }
  return greatest;
}

/** Everything that differs between two events, as text that needs no escape in JSON. @typedef {ReturnType<typeof factsOf>} Facts */

/** @param {number} seed @param {number} start @param {Told} told */
function factsOf(seed, start, { record, version }) {
  const random = drawn(seed ^ Math.imul(record + 1, 0x9e3779b1));
  const below = (/** @type {number} */ n) => Math.floor(random() * n);
  const pick = (/** @type {readonly any[]} */ list) => list[below(list.length)];
  const key = uuidOf(start + record, random);
  const unit = pick(UNITS);
  const receivingUnit = `${unit}.0${below(WARDS) + 1}`;
  const code = `${receivingUnit}-261125-${String(record).padStart(6, '0')}`;
  const name = `${pick(FAMILIES)} ${pick(MIDDLES)} ${pick(GIVEN)}`;
  const procedure = pick(PROCEDURES);
  const summary = `Hồ sơ tại thửa ${below(900)}, tờ bản đồ ${below(60)}, tổ ${below(40)}`;
  const ofVersion = drawn(seed ^ Math.imul(codeOf(record, version) + 1, 0x85ebca6b));
  const id = uuidOf(start + record + version, ofVersion);
  const title = `${name} – ${procedure.vi} – ${summary}`;
  return {
    key, version: String(version), code, unit, receivingUnit, name, summary, title, id,
    procedure: procedure.code, procedureVi: procedure.vi, procedureEn: procedure.en,
    changedAt: localOf(start + record + version * 1_000), traceId: hex(ofVersion, 4), spanId: hex(ofVersion, 2),
  };
}

/** What stands in the place of a fact until the event is written. @param {keyof Facts} name */
const mark = (name) => `\u0001${name}\u0001`;

/** The golden events with marks; `version` is a number, so its quotes go. */
const MARKED = GOLDEN.map((golden, i) => {
  const { body } = golden.data;
  const [key, version, code, unit, receivingUnit] = [mark('key'), mark('version'), mark('code'), mark('unit'), mark('receivingUnit')];
  const procedure = { ...body.procedure, code: mark('procedure'), name: { vi: mark('procedureVi'), en: mark('procedureEn') } };
  const told = { ...body, id: key, code, version, unit, receivingUnit, summary: mark('summary'), procedure, applicant: { ...body.applicant, name: mark('name') } };
  return {
    ...golden,
    id: mark('id'), subject: key, time: mark('changedAt'), traceparent: `00-${mark('traceId')}-${mark('spanId')}-01`,
    data: { ...golden.data, command: COMMANDS[i], key, version, code, unit, receivingUnit, changedAt: mark('changedAt'), title: mark('title'), body: told },
  };
});

/** Texts between marks and names of facts, in turn. @param {string} text @returns {readonly string[]} */
const partsOf = (text) => text.replaceAll(/"\\u0001version\\u0001"/g, '\\u0001version\\u0001').replaceAll(/\\"\\\\u0001version\\\\u0001\\"/g, '\\\\u0001version\\\\u0001').split(/\\+u0001/);
const EVENTS = MARKED.map((event) => partsOf(JSON.stringify(event)));
const ROWS = MARKED.map(({ data }) => partsOf(JSON.stringify(rowOf(data))));

/**
 * The same record for the sink: a flat row with the columns of the table, all that our consumer works out itself already
 * in it (search words, units above, trace id, JSON as text).
 * @param {any} data
 */
function rowOf({ dataset, key, version, code, unit, receivingUnit, status, title, changedAt, body }) {
  const more = { scope_text: '\u0001scope\u0001', search_key: '\u0001searchKey\u0001', trace_id: '\u0001traceId\u0001' };
  return { dataset, key, version, code, unit, receiving_unit: receivingUnit, status, title, changed_at: changedAt, ...more, body: JSON.stringify(body) };
}

/** @param {readonly string[]} parts @param {Readonly<Record<string, string>>} facts */
function written(parts, facts) {
  let text = '';
  for (let i = 0; i < parts.length; i += 1) text += i % 2 === 0 ? parts[i] : facts[parts[i] ?? ''];
  return text;
}

/** Writes events: the same bytes for the same record, version, seed and beginning. */
export class Events {
  #seed;
  #start;
  #words;

  /**
   * @param {number} seed @param {number} start when the first record was made (ms); ids are of about now, or an inbox takes them for stale
   * @param {{ searchTextOf: (version: { code: string, title: string }) => string, scopeOf: (units: readonly string[]) => readonly string[] }} words of the warehouse
   */
  constructor(seed, start, words) {
    this.#seed = seed;
    this.#start = start;
    this.#words = words;
  }

  /** Key of a record: its time goes up with its number. @param {number} record */
  keyOf(record) {
    return factsOf(this.#seed, this.#start, { record, version: 1 }).key;
  }

  /** As dossiers tell it. @param {Told} told */
  event(told) {
    const facts = factsOf(this.#seed, this.#start, told);
    return { key: facts.key, value: written(EVENTS[told.version - 1] ?? [], facts), traceparent: `00-${facts.traceId}-${facts.spanId}-01` };
  }

  /** As the sink reads it. @param {Told} told */
  row(told) {
    const facts = factsOf(this.#seed, this.#start, told);
    const scope = this.#words.scopeOf([facts.unit, facts.receivingUnit]).join(' ');
    const value = written(ROWS[told.version - 1] ?? [], { ...facts, scope, searchKey: this.#words.searchTextOf(facts) });
    return { key: facts.key, value, traceparent: undefined };
  }
}

/** @param {() => number} random @param {number} words */
function hex(random, words) {
  let text = '';
  for (let i = 0; i < words; i += 1) text += Math.floor(random() * 2 ** 32).toString(16).padStart(8, '0');
  return text;
}

/** @param {number} at @param {() => number} random */
function uuidOf(at, random) {
  const time = at.toString(16).padStart(12, '0');
  const rest = hex(random, 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** @param {number} at */
function localOf(at) {
  return `${new Date(at + 7 * 3_600_000).toISOString().slice(0, 23)}+07:00`;
}
