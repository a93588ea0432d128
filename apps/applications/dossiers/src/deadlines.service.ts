import { Injectable } from '@nestjs/common';
import { Refusal, type Answer, type Call, type Language } from '@quan-so/contract';
import { PAUSES_NOT_IN_ORDER, UNIT_NOT_IN_FORCE, type DeadlinePreviewView, type PreviewDeadline } from '@quan-so/contracts-applications';
import { computeDeadline, formatInstant, LanguageError, parseInstant, type DeadlineAnswer, type DeadlineQuestion, type Term } from '@quan-so/language';
import { Clock } from '@quan-so/service';
import { demandCase, getTerm, rulesOf } from './procedure.rules.js';
import { countingFor, demandUnit, getAuthority, getProcedure, type Known } from './reference.rules.js';
import { ReferenceService } from './reference.service.js';

type Question = Call<typeof PreviewDeadline>;

/** Answers when something would be due, and how that date is reached; nothing is kept. */
@Injectable()
export class DeadlinesService {
  constructor(
    private readonly reference: ReferenceService,
    private readonly clock: Clock,
  ) {}

  async preview({ body, actor, language }: Question): Promise<Answer<DeadlinePreviewView>> {
    const receivedAt = parseInstant(body.receivedAt);
    const known = await this.known(new Date(receivedAt), body.procedure);
    const unit = body.unit ?? unitOf(known, body, actor);
    demandUnitOf(known, unit);
    const { calendar } = countingFor(known, unit);
    const term = termOf(known, body);
    const pauses = body.pauses.map(({ from, to, effect }) => ({ from: parseInstant(from), to: to === undefined ? null : parseInstant(to), effect }));
    const answer = answered({ calendar, receivedAt, term, pauses });
    return { body: { term, ...shown(answer, language), calendar: { code: calendar.code, version: calendar.version } } };
  }

  /** Where no calendar was in force on that day it is counted by today's, and the engine calls the date provisional. */
  private async known(at: Date, procedure: string | undefined): Promise<Known> {
    const known = await this.reference.at(at, procedure);
    return { ...known, calendars: [...known.calendars, ...(await this.reference.calendars(this.clock.now()))] };
  }
}

function termOf(known: Known, { procedure, case: ofCase, channel, term }: Question['body']): Term {
  if (term !== undefined) return term;
  const { body } = getProcedure(known);
  if (procedure === undefined || ofCase === undefined) throw new Error('the schema asks for a procedure with its case');
  demandCase(body, ofCase);
  return getTerm(rulesOf(body, ofCase, channel));
}

/** The competent unit of the procedure, else the first of the caller's that the catalogue knows, else the authority itself, else the caller's. */
function unitOf(known: Known, { procedure }: Question['body'], actor: Question['actor']): string {
  const competent = procedure === undefined ? null : getProcedure(known).body.competentUnit;
  const own = actor.positions.map(({ unit }) => unit).find((unit) => known.units.some(({ code }) => code === unit));
  return competent ?? own ?? known.authority?.code ?? actor.positions[0]?.unit ?? '';
}

/** Before the catalogue begins no unit is in force; that is another answer than that nothing has come yet. */
function demandUnitOf(known: Known, unit: string): void {
  if (known.authority === undefined && known.age.asOf !== null) throw new Refusal(UNIT_NOT_IN_FORCE, { extra: { unit } });
  getAuthority(known);
  demandUnit(known, unit);
}

function answered(question: DeadlineQuestion): DeadlineAnswer {
  try {
    return computeDeadline(question);
  } catch (error) {
    if (!(error instanceof LanguageError) || !error.code.startsWith('PAUSE')) throw error;
    const pointer = `/body/${(error.at ?? 'pauses').replaceAll(/[.[]/g, '/').replaceAll(']', '')}`;
    throw new Refusal(PAUSES_NOT_IN_ORDER, { detail: error.words, faults: [{ pointer, code: error.code, detail: error.words }] });
  }
}

function shown({ dueAt, pausedSince, provisional, unconfirmed, working }: DeadlineAnswer, language: Language): Omit<DeadlinePreviewView, 'term' | 'calendar'> {
  return {
    dueAt: dueAt === null ? null : formatInstant(dueAt),
    pausedSince: pausedSince === null ? null : formatInstant(pausedSince),
    provisional,
    unconfirmed: [...unconfirmed],
    working: working.map((step) => step.note[language]),
  };
}
