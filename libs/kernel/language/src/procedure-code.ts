import { toQd20 } from './agency-code.js';
import { LanguageError } from './error.js';

export interface ProcedureCode {
  /** `N.NNNNNN` of the national database of procedures. */
  readonly code: string;
  /** Agency of a local variant, in today's order: `1.001699.000.00.00.H17` → `H17`; null for the national procedure. */
  readonly agency: string | null;
  /** Codes `9.…` are nobody's: made for trying units that no real procedure of the pack uses. */
  readonly fictional: boolean;
}

export interface ResultCode {
  readonly code: string;
  /** Level 1 of the owner: `G15` a ministry, `H17` a province. */
  readonly owner: string;
}

const PROCEDURE = /^([1-9]\.\d{6})(?:\.(.+))?$/;
const RESULT = /^KQ\.([A-Y]\d{2})\.\d{6}$/;

/** Reads a procedure code with or without the agency behind it. Throws PROCEDURE_CODE_NOT_VALID. */
export function parseProcedureCode(text: string): ProcedureCode {
  const [, code, suffix] = PROCEDURE.exec(text) ?? [];
  if (code === undefined) throw new LanguageError('PROCEDURE_CODE_NOT_VALID', 'Mã thủ tục viết dạng 1.013225.', 'Write the procedure code as 1.013225.');
  return { code, agency: suffix === undefined ? null : toQd20(suffix), fictional: code.startsWith('9') };
}

/** Reads `KQ.<level 1 of the owner>.NNNNNN`. Throws RESULT_CODE_NOT_VALID. */
export function parseResultCode(text: string): ResultCode {
  const owner = RESULT.exec(text)?.[1];
  if (owner === undefined) throw new LanguageError('RESULT_CODE_NOT_VALID', 'Mã kết quả viết dạng KQ.G15.000031.', 'Write the result code as KQ.G15.000031.');
  return { code: text, owner };
}
