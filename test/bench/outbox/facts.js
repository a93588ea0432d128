/** What is told: changes of dossiers of the size they really have, each with a number that is found again in its bytes. */
import { readFileSync } from 'node:fs';

/** Dossiers that change in turn; each keeps its order. */
export const SUBJECTS = 1_000;
const EXAMPLE = new URL('../../../libs/contracts/data/corpus/vn.quanso.data.record-changed.v1/building-1-received.json', import.meta.url);
const DAY = 'H99.05.01-261126-';

/** An envelope of the golden corpus (1.9 kB). @type {{ subject: string, type: string, data: Record<string, any> }} */
const example = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
export const TYPE = example.type;

/** @param {number} n */
export function subjectOf(n) {
  return `01999aa6-1d00-7a31-9c52-${(n % SUBJECTS).toString(16).padStart(12, '0')}`;
}

/** @param {number} n */
export function dataOf(n) {
  const id = subjectOf(n);
  const version = Math.floor(n / SUBJECTS) + 1;
  const code = codeOf(n);
  return { ...example.data, key: id, version, code, body: { ...example.data['body'], id, version, code } };
}

/** The whole envelope as text, as the unit of work writes it. @param {number} n @param {string} id @param {string} time */
export function envelopeOf(n, id, time) {
  return JSON.stringify({ specversion: '1.0', id, source: '/dossiers', type: TYPE, subject: subjectOf(n), time, datacontenttype: 'application/json', data: dataOf(n) });
}

/** Its number, id, subject and version occur nowhere else in the text. */
const MODEL = 9_876_543;

/** The same for SQL: what stands in the place of number, id, subject and version is put in there. */
export const TEMPLATE = envelopeOf(MODEL, '@ID@', '2026-11-26T09:00:00.000+07:00')
  .replaceAll(String(MODEL), '@N@')
  .replaceAll(subjectOf(MODEL), '@SUBJECT@')
  .replaceAll('"version":9877,', '"version":@VERSION@,');

/** The number of an event; undefined for what is told beside them (reckonings, audit entries). @param {string} text */
export function numberIn(text) {
  const at = text.indexOf(`"code":"${DAY}`);
  return at === -1 ? undefined : Number(text.slice(at + 8 + DAY.length, text.indexOf('"', at + 8)));
}

/** @param {number} n */
function codeOf(n) {
  return `${DAY}${String(n).padStart(7, '0')}`;
}
