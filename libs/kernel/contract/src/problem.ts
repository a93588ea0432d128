import { type Json, type Text } from './text.js';

/** A refusal people and programs can rely on: the code is stable for ever, the words may improve. */
export interface ProblemDef<C extends string = string> {
  readonly code: C;
  readonly status: number;
  readonly title: Text;
  /** What the reader can do now; shown on the problem's page. */
  readonly remedy: Text;
  /** The same request may succeed later without being changed. */
  readonly retryable: boolean;
}

const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** Declares a problem. Codes are UPPER_SNAKE; status 400–599; 422 is kept for a reused idempotency key. */
export function defineProblem<const C extends string>(
  code: C,
  status: number,
  words: { title: Text; remedy: Text; retryable?: boolean },
): ProblemDef<C> {
  if (!CODE.test(code)) throw new TypeError(`problem ${code}: write UPPER_SNAKE`);
  if (!Number.isInteger(status) || status < 400 || status > 599) throw new TypeError(`problem ${code}: status ${status}`);
  return Object.freeze({ code, status, title: words.title, remedy: words.remedy, retryable: words.retryable ?? false });
}

/** One fault in the request, located by JSON pointer (`/body/...`, `/query/...`, `/headers/...`). */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: Text;
}

/**
 * The one error that rules, services and doors throw on purpose: it becomes problem+json.
 * `detail` speaks of this case, `extra` are further members of the problem document. Never personal data.
 */
export class Refusal extends Error {
  readonly problem: ProblemDef;
  readonly detail: Text | undefined;
  readonly faults: readonly Fault[];
  readonly extra: Readonly<Record<string, Json>>;

  constructor(
    problem: ProblemDef,
    more: { detail?: Text; faults?: readonly Fault[]; extra?: Readonly<Record<string, Json>> } = {},
  ) {
    super(problem.code);
    this.name = 'Refusal';
    this.problem = problem;
    this.detail = more.detail;
    this.faults = more.faults ?? [];
    this.extra = more.extra ?? {};
  }
}

/** Throws when two different problems share a code; answers them by code. */
export function problemRegistry(problems: readonly ProblemDef[]): ReadonlyMap<string, ProblemDef> {
  const byCode = new Map<string, ProblemDef>();
  for (const problem of problems) {
    const known = byCode.get(problem.code);
    if (known !== undefined && known !== problem) throw new TypeError(`two problems with code ${problem.code}`);
    byCode.set(problem.code, problem);
  }
  return byCode;
}
