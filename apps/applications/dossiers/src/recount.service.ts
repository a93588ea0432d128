import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Calendar } from '@quan-so/contracts-data';
import { inSpan, log } from '@quan-so/observability';
import { Database, Work, type Tx } from '@quan-so/persistence';
import { Clock } from '@quan-so/service';
import { recompute } from './dossier.commands.rules.js';
import { type Counting } from './dossier.deadline.rules.js';
import { statusOf, stepOf, tell } from './dossier.telling.js';
import { viewOf } from './dossier.view.js';
import { listCalendarsInUse, listOutdatedProcedures, takeOutdated, updateDossier } from './dossiers.queries.js';
import { rulesOf, type CaseRules } from './procedure.rules.js';
import { ReferenceService } from './reference.service.js';
import { type DossierState } from './dossier.state.js';

/** Dossiers per transaction: their rows are locked for some tens of milliseconds, so a clerk hardly waits. */
const BATCH = 50;
/** After the news of a calendar its transaction has yet to commit; should it take longer, the next beat finds the rest. */
const SOON_MS = 200;

/**
 * When a calendar changes (a holiday is published late), every open dossier counted by it is counted again: the date of the
 * law follows, the promise on paper stays. A dossier says by which version it was counted, so that doing it twice does
 * nothing, and stopping half-way only leaves the rest to the next beat of the catalogue.
 */
@Injectable()
export class RecountService implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  private because: string | undefined;

  constructor(
    private readonly work: Work,
    private readonly database: Database,
    private readonly reference: ReferenceService,
    private readonly clock: Clock,
  ) {}

  /** Shortly after now, once however often it is called; `traceparent` is that of the publication. */
  soon(traceparent?: string): void {
    this.because = traceparent ?? this.because;
    if (this.stopped || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.running = (this.running ?? Promise.resolve()).then(() => this.look()).catch((error: unknown) => log('dossiers').warn('recount waits for the next beat', { error }));
    }, SOON_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** By then the batch that brought the news has ended: what is looked up here is no part of it, nor worth a trace of its own. */
  private look(): Promise<void> {
    return inSpan('look for dossiers to recount', { service: 'dossiers', parent: 'untraced' }, () => this.run());
  }

  private async run(): Promise<void> {
    const traceparent = this.because;
    this.because = undefined;
    const now = this.clock.now();
    const calendars = await this.reference.calendars(now);
    for (const { code, oldest } of await listCalendarsInUse(this.database.sql)) {
      const calendar = calendars.find((one) => one.code === code);
      if (calendar !== undefined && oldest < calendar.version) await this.recount(calendar, now, traceparent === undefined ? [] : [traceparent]);
    }
  }

  private async recount(calendar: Calendar, now: Date, links: readonly string[]): Promise<void> {
    const counting: Counting = { calendar, age: await this.reference.age(now) };
    // A trace for each batch, linked to the publication: one for thousands of dossiers could not be looked at.
    const batch = (): Promise<boolean> => inSpan('recount open dossiers', { service: 'dossiers', parent: 'root', links }, () => this.recountBatch(calendar, now, counting));
    while (!this.stopped && (await batch())) continue;
  }

  private async recountBatch(calendar: Calendar, now: Date, counting: Counting): Promise<boolean> {
    const rules = await this.rulesOfOutdated(calendar);
    return this.work.internal('dossier.recount', (tx) => recountSome(tx, { calendar, counting, now, rules }));
  }

  /** Looked up before the transaction, which then needs one connection only. */
  private async rulesOfOutdated(calendar: Calendar): Promise<ReadonlyMap<string, (state: DossierState) => CaseRules>> {
    const found = new Map<string, (state: DossierState) => CaseRules>();
    for (const procedure of await listOutdatedProcedures(this.database.sql, calendar.code, calendar.version)) {
      const version = await this.reference.version(procedure);
      if (version === undefined) throw new Error(`no replica of procedure ${procedure.code} version ${procedure.version}`);
      found.set(keyOf(procedure), (state) => rulesOf(version.body, state.case, state.channel));
    }
    return found;
  }
}

interface Recounting {
  readonly calendar: Calendar;
  readonly counting: Counting;
  readonly now: Date;
  readonly rules: ReadonlyMap<string, (state: DossierState) => CaseRules>;
}

/** One batch; whether more may be left. */
async function recountSome(tx: Tx, { calendar, counting, now, rules }: Recounting): Promise<boolean> {
  const outdated = await takeOutdated(tx.sql, calendar.code, calendar.version, BATCH);
  for (const state of outdated) {
    // Came in meanwhile under a procedure that was not looked up: the next round knows it.
    const rulesFor = rules.get(keyOf(state.procedure));
    if (rulesFor === undefined) continue;
    const next = recompute(state, { now, rules: rulesFor(state), counting });
    const step = { command: 'calendar-change', before: state, by: undefined, note: null } as const;
    await updateDossier(tx.sql, next, statusOf(next), stepOf(tx, next, step));
    tell(tx, next, step, viewOf(next));
  }
  return outdated.length > 0;
}

function keyOf({ code, version }: { readonly code: string; readonly version: number }): string {
  return `${code}@${version}`;
}
