/** The ledger of the client against what the platform holds: what was lost, what happened twice, what is missing in between. */

/**
 * @typedef {object} Verdict each a list of sentences, in which place which dossier and version
 * @property {string[]} lost       acknowledged, and not (or not rightly) where it must be
 * @property {string[]} duplicated happened more often than it was asked for
 * @property {string[]} gaps       versions or codes missing in a row, or told out of order
 */

/**
 * @param {ReturnType<typeof import('./ledger.js').readLedger>} ledger
 * @param {import('./facts.js').Facts} facts
 * @returns {Verdict}
 */
export function compare(ledger, facts) {
  return { lost: lostIn(ledger, facts), duplicated: duplicatedIn(ledger, facts), gaps: gapsIn(facts) };
}

/** @param {ReturnType<typeof import('./ledger.js').readLedger>} ledger @param {import('./facts.js').Facts} facts */
function lostIn({ acknowledged }, facts) {
  const lost = [];
  for (const { k, d, c, v, s } of acknowledged.values()) {
    const say = (/** @type {string} */ where) => lost.push(`${where}: ${d} v${v}`);
    const dossier = facts.dossiers.get(d);
    const key = facts.keys.get(k);
    if (dossier === undefined || dossier.version < v || dossier.code !== c) say('state');
    else if (facts.history.get(d)?.[v - 1]?.state !== s) say('history');
    else if (key?.dossier !== d || key.version !== v) say('key');
    else if (!facts.told.has(`${d}/${v}`)) say('outbox');
    else if (!facts.sent.has(`${d}/${v}`)) say('log');
    else if ((facts.audited.get(d) ?? 0) < dossier.version) say('audit');
    else if (!facts.recordHistory.get(d)?.has(v)) say('warehouse history');
    else if (facts.records.get(d) !== dossier.version) say('warehouse current');
  }
  for (const one of facts.waiting) lost.push(`outbox of ${one}`);
  if (facts.parked > 0) lost.push(`parked: ${facts.parked}`);
  return lost;
}

/** @param {ReturnType<typeof import('./ledger.js').readLedger>} ledger @param {import('./facts.js').Facts} facts */
function duplicatedIn({ asked }, facts) {
  const duplicated = [];
  const steps = new Map();
  for (const [key, { dossier, version }] of facts.keys) {
    if (!asked.has(key)) duplicated.push(`never asked for: key ${key}`);
    const step = `${dossier}/${version}`;
    if (steps.has(step)) duplicated.push(`two keys: ${step}`);
    steps.set(step, key);
  }
  for (const [id, history] of facts.history) {
    // One key, one effect: a version without a key is an effect nobody asked for.
    for (const { version } of history) if (!steps.has(`${id}/${version}`)) duplicated.push(`no key: ${id} v${version}`);
    if ((facts.audited.get(id) ?? 0) > history.length) duplicated.push(`audit: ${id}`);
  }
  for (const [step, times] of facts.told) if (times > 1) duplicated.push(`told ${times} times: ${step}`);
  if (facts.counted !== facts.records.size) duplicated.push(`warehouse counters: ${facts.counted} for ${facts.records.size} records`);
  return duplicated;
}

/** @param {import('./facts.js').Facts} facts */
function gapsIn({ history, recordHistory, dossiers, disorder }) {
  const gaps = disorder.map((one) => `order: ${one}`);
  for (const [id, versions] of history) if (versions.some(({ version }, i) => version !== i + 1)) gaps.push(`history: ${id}`);
  for (const [id, versions] of recordHistory) if (Math.max(...versions) !== versions.size) gaps.push(`warehouse history: ${id}`);
  return [...gaps, ...codeGaps([...dossiers.values()].map(({ code }) => code))];
}

/** Codes of one desk and day count from 1 without a hole and none comes twice. @param {readonly string[]} codes */
export function codeGaps(codes) {
  const gaps = [];
  /** @type {Map<string, number[]>} */
  const days = new Map();
  for (const code of codes) {
    const at = code.lastIndexOf('-');
    const day = code.slice(0, at);
    const serials = days.get(day) ?? [];
    serials.push(Number(code.slice(at + 1)));
    days.set(day, serials);
  }
  for (const [day, serials] of days) {
    serials.sort((a, b) => a - b);
    const wrong = serials.findIndex((serial, i) => serial !== i + 1);
    if (wrong >= 0) gaps.push(`codes: ${day}, at ${wrong + 1} stands ${serials[wrong]}`);
  }
  return gaps;
}
