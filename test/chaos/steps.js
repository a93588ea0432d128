/** The life of one dossier as commands over HTTP: who does what, with which body; drawn from the number of the command alone. */

const BASE = '/api/dossiers/v1/dossiers';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} by        account
 * @property {string} path      behind the dossier
 * @property {(n: number) => object} body
 */

/** @type {readonly Step[]} */
const AFTER_RECEIPT = [
  { name: 'assign', by: 'division-head', path: 'assignment', body: () => ({ specialist: 'specialist' }) },
  { name: 'request-supplement', by: 'specialist', path: 'supplement-request', body: (n) => ({ missing: [`Bản vẽ ${n}`], reason: 'Thiếu bản vẽ' }) },
  { name: 'record-supplement', by: 'desk-clerk', path: 'supplement', body: (n) => ({ papers: [{ name: `Bản vẽ ${n}`, originals: 1, copies: 0 }] }) },
  { name: 'propose', by: 'specialist', path: 'proposal', body: (n) => ({ outcome: 'granted', reason: `Đủ điều kiện ${n}` }) },
  { name: 'review', by: 'division-head', path: 'review', body: () => ({ verdict: 'approved' }) },
  { name: 'decide', by: 'authority-lead', path: 'decision', body: (n) => ({ verdict: 'granted', documentNumber: `${n}/GPXD-UBND` }) },
  { name: 'return', by: 'return-clerk', path: 'return', body: (n) => ({ receivedBy: `Người nhận thử ${n}` }) },
];

/** The step that follows when a dossier has this version; undefined when it is at its end. @param {number} version */
export function stepAfter(version) {
  return AFTER_RECEIPT[version - 1];
}

/** @param {number} n */
function received(n) {
  return {
    procedure: '1.013225',
    case: 'separate-house',
    channel: 'counter',
    summary: `Xây nhà ở riêng lẻ, hồ sơ thử ${n}`,
    applicant: { kind: 'citizen', name: `Người nộp thử ${n}`, personalNumber: '999190000010', phone: '0900000000', address: 'Tổ 3' },
    papers: [{ name: 'Đơn đề nghị cấp giấy phép xây dựng', originals: 1, copies: 1 }],
  };
}

/**
 * The request of a line in the ledger; the same line gives the same bytes.
 * @param {Pick<import('./ledger.js').Asked, 'n' | 'o' | 'd' | 'v'>} asked
 * @returns {{ by: string, path: string, body: string, ifMatch: string | undefined }}
 */
export function requestOf({ n, o, d, v }) {
  if (d === null) return { by: 'desk-clerk', path: BASE, body: JSON.stringify(received(n)), ifMatch: undefined };
  const step = AFTER_RECEIPT.find(({ name }) => name === o);
  if (step === undefined) throw new RangeError(`no step ${o}`);
  return { by: step.by, path: `${BASE}/${d}/${step.path}`, body: JSON.stringify(step.body(n)), ifMatch: `"${v}"` };
}
