/** The rules of documents, pure: what was made, what stands, what was promised; one sentence per breach. */
import { breaches } from './compare-documents.js';

/**
 * @typedef {object} Accepted a breach that was decided on
 * @property {string} document path
 * @property {string} breach  the phrase as the check tells it
 * @property {string} reason
 */

const WRITE = 'node tools/api/api.js --write';

/**
 * Documents that stand must be those that are made, byte by byte.
 * @param {ReadonlyMap<string, string>} made
 * @param {ReadonlyMap<string, string>} standing
 * @returns {string[]}
 */
export function stale(made, standing) {
  return [
    ...[...made].filter(([path]) => !standing.has(path)).map(([path]) => `${path}: chưa được ghi: ${WRITE}. / is not written: ${WRITE}.`),
    ...[...made].filter(([path, text]) => standing.has(path) && standing.get(path) !== text).map(([path]) => `${path}: khác với hợp đồng trong mã: ${WRITE}. / differs from the contract in the code: ${WRITE}.`),
    ...[...standing.keys()].filter((path) => !made.has(path)).map((path) => `${path}: không dịch vụ nào còn nói điều này; bỏ tệp: ${WRITE}. / no service says this any more; remove it: ${WRITE}.`),
  ];
}

/**
 * Documents keep every promise made before, except breaches that were decided on, each with a reason. A decision that
 * nothing needs any more is told too.
 * @param {ReadonlyMap<string, string>} made
 * @param {ReadonlyMap<string, readonly string[]>} promised texts of earlier versions, by path
 * @param {readonly Accepted[]} accepted
 * @returns {{ path: string, sentence: string }[]}
 */
export function incompatible(made, promised, accepted) {
  const used = new Set();
  const found = [...promised].flatMap(([path, texts]) => {
    const phrases = new Set(texts.flatMap((text) => phrasesOf(path, text, made.get(path))));
    return [...phrases].flatMap((phrase) => {
      const decision = accepted.find((one) => one.document === path && one.breach === phrase);
      if (decision) used.add(decision);
      return decision ? [] : [{ path, sentence: `${path}: phá lời hứa cũ (${phrase}); giữ lại, hoặc lập phiên bản mới (/v2, .v2). / breaks a promise (${phrase}); keep it, or make a new major (/v2, .v2).` }];
    });
  });
  const idle = accepted.filter((one) => !used.has(one)).map(({ document, breach }) => ({ path: 'tools/api/accepted.json', sentence: `tools/api/accepted.json: ${document}: không còn gì cần quyết định này (${breach}); bỏ đi. / nothing needs this decision (${breach}); remove it.` }));
  return [...found, ...idle];
}

/** @param {string} path @param {string} before @param {string | undefined} after */
function phrasesOf(path, before, after) {
  if (after === before) return [];
  if (after === undefined) return ['the document is gone'];
  return breaches(path, JSON.parse(before), JSON.parse(after));
}

/** @param {unknown} read @returns {Accepted[]} */
export function acceptedOf(read) {
  if (!Array.isArray(read)) throw new Error('tools/api/accepted.json: danh sách / a list.');
  for (const { document, breach, reason } of read) {
    if (![document, breach, reason].every((text) => typeof text === 'string' && text.trim() !== '')) {
      throw new Error('tools/api/accepted.json: mỗi quyết định có document, breach và reason. / each decision has document, breach and reason.');
    }
  }
  return read;
}

/**
 * What the linter found, one sentence for each rule and document, with the first place.
 * @param {readonly { code: string, message: string, path: readonly (string | number)[], source?: string }[]} findings
 * @param {(source: string) => string} nameOf path of a document as people know it
 * @returns {string[]}
 */
export function lintSentences(findings, nameOf) {
  /** @type {Map<string, { first: typeof findings[number], times: number }>} */
  const byRule = new Map();
  for (const found of findings) {
    const key = `${found.source} ${found.code}`;
    const known = byRule.get(key);
    if (known) known.times += 1;
    else byRule.set(key, { first: found, times: 1 });
  }
  return [...byRule.values()].map(({ first: { code, message, path, source }, times }) => `${nameOf(source ?? '')}: ${code} (${times}×) ở / at ${path.join('/')}: ${message}`);
}
