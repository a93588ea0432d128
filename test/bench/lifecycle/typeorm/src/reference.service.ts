import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadRequestException, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { computeDeadline, type Term, type WorkCalendar } from '@quan-so/language';
import type { Repository } from 'typeorm';
import { Procedure, Unit } from './entities.js';

export interface ProcedureBody {
  readonly code: string;
  readonly name: { vi: string; en: string };
  readonly receivingUnits: readonly string[];
  readonly competentUnit: string | null;
  readonly cases: readonly { readonly code: string }[];
  readonly durations: readonly { readonly case?: string; readonly term: Term }[];
  readonly supplement: { readonly windows: readonly { kind: string; unit: Term['unit']; value: number; basis: string }[] };
  readonly results: readonly { readonly case?: string; readonly code: string | null; readonly outcome: string }[];
}

/** Reference data of the pack, once read kept in memory: rows to point at, bodies to decide by. */
@Injectable()
export class ReferenceService implements OnModuleInit {
  private readonly procedures = new Map<string, ProcedureBody>();
  private calendar: WorkCalendar;

  constructor(
    @InjectRepository(Unit) private readonly units: Repository<Unit>,
    @InjectRepository(Procedure) private readonly rows: Repository<Procedure>,
  ) {}

  async onModuleInit(): Promise<void> {
    const pack = process.env['QUANSO_PACK'] ?? '';
    const read = (...path: string[]) => JSON.parse(readFileSync(join(pack, ...path), 'utf8'));
    for (const file of readdirSync(join(pack, 'procedures'))) {
      const body = read('procedures', file) as ProcedureBody;
      this.procedures.set(body.code, body);
    }
    this.calendar = { version: 1, validFrom: '2021-01-01', validTo: null, ...read('calendar.json')[0] };
    await this.units.save((read('units.json') as { code: string; name: { vi: string } }[]).map(({ code, name }) => ({ code, name: name.vi })));
    await this.rows.save([...this.procedures.values()].map(({ code, name }) => ({ code, version: 1, name })));
  }

  procedure(code: string, ofCase: string): ProcedureBody {
    const body = this.procedures.get(code);
    if (body === undefined || !body.cases.some((one) => one.code === ofCase)) throw new BadRequestException('PROCEDURE_NOT_IN_FORCE');
    return body;
  }

  /** The deadline of a dossier accepted now, and by when the first notice must be sent. */
  deadline(procedure: ProcedureBody, ofCase: string, at: Date) {
    const row = procedure.durations.find((one) => one.case === ofCase) ?? procedure.durations.find((one) => one.case === undefined);
    if (row === undefined) throw new BadRequestException('TERM_NOT_KNOWN');
    return { term: row.term, dueAt: this.due(row.term, at), calendar: { code: this.calendar.code, version: this.calendar.version } };
  }

  window(procedure: ProcedureBody, acceptedAt: Date) {
    const window = procedure.supplement.windows.find(({ kind }) => kind === 'first-notice');
    return window && { kind: window.kind, dueAt: this.due({ unit: window.unit, value: window.value } as Term, acceptedAt), basis: window.basis };
  }

  private due(term: Term, from: Date): Date {
    return new Date(computeDeadline({ calendar: this.calendar, receivedAt: from.getTime() as never, term, pauses: [] }).dueAt ?? 0);
  }
}
