import { Refusal } from '@quan-so/contract';
import { CASE_NOT_OF_PROCEDURE, CHANNELS, NOT_OFFERED, TERM_NOT_KNOWN, type Channel } from '@quan-so/contracts-applications';
import { mostSpecific, offeredTo, unverifiedFields, type Procedure } from '@quan-so/contracts-data';
import { type Term } from '@quan-so/language';

/** What a step must be done within, e.g. the first notice within 7 working days of acceptance. */
export interface StepWindow {
  readonly term: Term;
  readonly basis: string;
}

type WindowKind = Procedure['supplement']['windows'][number]['kind'];

/** The rows of a procedure that govern one case and channel; of several the most specific. */
export interface CaseRules {
  /** Undefined: the catalogue holds none, and a clock cannot be started. */
  readonly term: Term | undefined;
  readonly supplement: {
    readonly mode: 'pause' | 'result';
    readonly pauseEffect: 'shift' | 'restart';
    readonly maxNotices: number;
    readonly windows: Readonly<Partial<Record<WindowKind, StepWindow>>>;
  };
  readonly results: readonly { readonly code: string | null; readonly outcome: 'granted' | 'refused' | 'notice' }[];
  readonly unverified: readonly string[];
}

const WINDOW_KINDS: readonly WindowKind[] = ['first-notice', 'second-notice', 'refuse-after-second', 'consult', 'person-answers'];

export function rulesOf(procedure: Procedure, ofCase: string, channel: Channel): CaseRules {
  const { mode, pauseEffect, maxNotices, windows } = procedure.supplement;
  const windowOf = (kind: WindowKind): [WindowKind, StepWindow][] => {
    const row = mostSpecific(windows.filter((window) => window.kind === kind), ofCase, channel);
    return row === undefined ? [] : [[kind, { term: { unit: row.unit, value: row.value }, basis: row.basis }]];
  };
  return {
    term: mostSpecific(procedure.durations, ofCase, channel)?.term,
    supplement: { mode, pauseEffect, maxNotices, windows: Object.fromEntries(WINDOW_KINDS.flatMap(windowOf)) },
    results: procedure.results
      .filter((row) => (row.case ?? ofCase) === ofCase && (row.channel ?? channel) === channel)
      .map(({ code, outcome }) => ({ code, outcome })),
    unverified: unverifiedFields(procedure, ofCase, channel),
  };
}

/** The term by which a clock starts; a running term always has a date. Throws TERM_NOT_KNOWN. */
export function getTerm(rules: CaseRules): Term {
  if (rules.term === undefined) throw new Refusal(TERM_NOT_KNOWN);
  return rules.term;
}

export function demandCase(procedure: Procedure, ofCase: string): void {
  const cases = procedure.cases.map(({ code }) => code);
  if (!cases.includes(ofCase)) throw new Refusal(CASE_NOT_OF_PROCEDURE, { extra: { cases } });
}

/** People are promised only what somebody has verified; systems that are masters of their filing are not asked. */
export function demandOffered(procedure: Procedure, ofCase: string, channel: Channel): void {
  const offer = offeredTo(procedure, ofCase, channel);
  if (offer.offered) return;
  const offered = CHANNELS.filter((other) => offeredTo(procedure, ofCase, other).offered);
  throw new Refusal(NOT_OFFERED, {
    detail: {
      vi: `Chưa kiểm chứng hoặc không có: ${offer.because.join(', ')}. Kênh đang mở: ${offered.join(', ') || 'không có'}.`,
      en: `Not verified or not there: ${offer.because.join(', ')}. Channels offered: ${offered.join(', ') || 'none'}.`,
    },
    extra: { offered, unverified: [...offer.because] },
  });
}
