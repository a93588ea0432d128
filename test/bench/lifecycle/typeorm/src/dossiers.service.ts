import { createHash, randomUUID } from 'node:crypto';
import { BadRequestException, ConflictException, ForbiddenException, Injectable, NotFoundException, PreconditionFailedException, UnprocessableEntityException } from '@nestjs/common';
import { formatDossierCode, localDateOf, searchTokens } from '@quan-so/language';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import type { User } from './auth.guard.js';
import { viewOf, type DossierView } from './dossier.view.js';
import type { AssignDossierDto, ProposeResultDto, ReceiveDossierDto, ReviewDraftDto } from './dto.js';
import { Act, CodeCounter, Dossier, Draft, HistoryEntry, IdempotencyKey, OutboxEvent } from './entities.js';
import { ReferenceService } from './reference.service.js';

/** Status of each state in the national numbering. */
const STATUS: Record<string, number> = { received: 2, processing: 4, proposed: 4, reviewed: 4 };
const RELATIONS = { procedure: true, unit: true, receivingUnit: true, applicant: true, papers: true, acts: true, draft: true } as const;
const PATTERN = '{unit}-{yyMMdd}-{serial:4}';

export interface Command {
  readonly operation: string;
  readonly user: User;
  readonly key: string;
  readonly body: object;
  readonly id?: string;
  readonly version?: number;
}

@Injectable()
export class DossiersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reference: ReferenceService,
  ) {}

  receive(command: Command, dto: ReceiveDossierDto): Promise<DossierView> {
    return this.once(command, async (manager) => {
      const procedure = this.reference.procedure(dto.procedure, dto.case);
      const receivingUnit = dto.receivingUnit ?? unitOf(command.user, 'desk-clerk');
      if (receivingUnit === undefined || !procedure.receivingUnits.includes(receivingUnit)) throw new BadRequestException('UNIT_NOT_CHOSEN');
      const now = new Date();
      const { term, dueAt, calendar } = this.reference.deadline(procedure, dto.case, now);
      const window = this.reference.window(procedure, now);
      const code = await this.nextCode(manager, receivingUnit, now);
      const { kind, name, personalNumber = null, organisationCode = null, phone = null, address = null } = dto.applicant;
      const dossier = manager.create(Dossier, {
        ...{ code, state: 'received', status: STATUS['received'], outcome: null, case: dto.case, channel: dto.channel, summary: dto.summary },
        procedure: { code: procedure.code, version: 1, name: procedure.name },
        applicant: { kind, name, personalNumber, organisationCode, phone, address },
        papers: dto.papers.map(({ name: paper, originals, copies }, position) => ({ name: paper, originals, copies, position })),
        acts: [],
        draft: null,
        unit: { code: procedure.competentUnit ?? receivingUnit },
        receivingUnit: { code: receivingUnit },
        assignee: null,
        ...{ termUnit: term.unit, termValue: 'value' in term ? term.value : null, dueAt, promisedAt: dueAt, calendarCode: calendar.code, calendarVersion: calendar.version },
        ...{ windowKind: window?.kind ?? null, windowDueAt: window?.dueAt ?? null, windowBasis: window?.basis ?? null },
        ...{ receivedAt: now, acceptedAt: now, finishedAt: null, returnedAt: null },
        applicantIndex: personalNumber === null ? null : createHash('sha256').update(`${process.env['FIELD_KEY']} ${personalNumber}`).digest('hex'),
        searchKey: searchTokens(`${code} ${name} ${procedure.name.vi} ${dto.summary}`).map((word) => ` ${word}`).join(''),
      });
      return { dossier, from: null, note: null };
    });
  }

  assign(command: Command, dto: AssignDossierDto): Promise<DossierView> {
    return this.step(command, 'received', 'processing', dto.note, (dossier) => {
      dossier.assignee = dto.specialist;
    });
  }

  propose(command: Command, dto: ProposeResultDto): Promise<DossierView> {
    return this.step(command, 'processing', 'proposed', dto.reason, (dossier, manager) => {
      if (dossier.assignee !== command.user.preferred_username) throw new ForbiddenException();
      const results = this.reference.procedure(dossier.procedure.code, dossier.case).results.filter((row) => (row.case ?? dossier.case) === dossier.case && row.outcome === dto.outcome);
      dossier.draft = manager.create(Draft, { outcome: dto.outcome, result: dto.result ?? (results.length === 1 ? (results[0]?.code ?? null) : null), reason: dto.reason, documentNumber: null });
      dossier.windowKind = dossier.windowDueAt = dossier.windowBasis = null;
    });
  }

  review(command: Command, dto: ReviewDraftDto): Promise<DossierView> {
    return this.step(command, 'proposed', dto.verdict === 'approved' ? 'reviewed' : 'processing', dto.note, (dossier) => {
      // Who drafted does not review.
      if (dossier.acts.some(({ action, actor }) => action === 'propose' && actor === command.user.sub)) throw new ConflictException('SEPARATION_OF_DUTIES');
      if (dto.verdict === 'sent-back') dossier.draft = null;
    });
  }

  /** Who has read it is written down before it is shown. */
  async read(id: string, user: User, purpose: string | undefined): Promise<DossierView> {
    if (purpose === undefined) throw new ForbiddenException('DATA_NOT_PERMITTED');
    const dossier = await this.dataSource.manager.findOne(Dossier, { where: { id }, relations: RELATIONS });
    const entry = auditOf({ operation: 'read', user }, dossier?.id, [], purpose);
    await this.dataSource.manager.save(this.dataSource.manager.create(OutboxEvent, entry));
    if (dossier === null || !reaches(user, dossier)) throw new NotFoundException();
    return viewOf(dossier);
  }

  private step(command: Command, from: string, to: string, note: string | undefined, apply: (dossier: Dossier, manager: EntityManager) => void): Promise<DossierView> {
    return this.once(command, async (manager) => {
      const dossier = await manager.findOne(Dossier, { where: { id: command.id ?? '' }, relations: RELATIONS });
      if (dossier === null || !reaches(command.user, dossier)) throw new NotFoundException();
      if (dossier.version !== command.version) throw new PreconditionFailedException('VERSION_MISMATCH');
      if (dossier.state !== from) throw new ConflictException('TRANSITION_NOT_POSSIBLE');
      apply(dossier, manager);
      dossier.state = to;
      dossier.status = STATUS[to] ?? 4;
      if (!dossier.acts.some(({ action, actor }) => action === command.operation && actor === command.user.sub)) {
        dossier.acts.push(manager.create(Act, { action: command.operation, actor: command.user.sub }));
      }
      return { dossier, from, note: note ?? null };
    });
  }

  /** Key, dossier, history, fact and audit entry in one transaction; the same key again gets the answer it had. */
  private once(command: Command, work: (manager: EntityManager) => Promise<{ dossier: Dossier; from: string | null; note: string | null }>): Promise<DossierView> {
    const { key, operation, user } = command;
    const requestHash = createHash('sha256').update(JSON.stringify([command.id, command.version, command.body])).digest('hex');
    return this.dataSource.transaction(async (manager) => {
      const known = await manager.findOneBy(IdempotencyKey, { key, operation, user: user.sub });
      if (known !== null) {
        if (known.requestHash !== requestHash) throw new UnprocessableEntityException('IDEMPOTENCY_KEY_REUSED');
        const entry = await manager.findOneByOrFail(HistoryEntry, { dossier: { id: known.dossierId }, version: known.dossierVersion });
        return entry.snapshot as DossierView;
      }
      const { dossier, from, note } = await work(manager);
      const saved = await manager.save(dossier);
      const view = viewOf(saved);
      await manager.save(
        manager.create(HistoryEntry, {
          ...{ dossier: { id: saved.id }, version: saved.version, at: new Date(), command: operation, fromState: from, toState: saved.state, note },
          actor: { username: user.preferred_username, name: user.name, positions: user.positions },
          ...{ traceId: randomUUID(), snapshot: view },
        }),
      );
      await manager.save(manager.create(OutboxEvent, [factOf(view, user), auditOf(command, saved.id, Object.keys(command.body), undefined)]));
      await manager.save(manager.create(IdempotencyKey, { key, operation, user: user.sub, requestHash, dossierId: saved.id, dossierVersion: saved.version }));
      return view;
    });
  }

  private async nextCode(manager: EntityManager, unit: string, now: Date): Promise<string> {
    const day = localDateOf(now.getTime() as never) as string;
    const find = () => manager.findOne(CodeCounter, { where: { unit, day }, lock: { mode: 'pessimistic_write' } });
    let counter = await find();
    if (counter === null) {
      await manager.createQueryBuilder().insert().into(CodeCounter).values({ unit, day, last: 0 }).orIgnore().execute();
      counter = await find();
    }
    if (counter === null) throw new Error('no counter');
    counter.last += 1;
    await manager.save(counter);
    return formatDossierCode(PATTERN, { unit, date: day as never, serial: counter.last });
  }
}

/** What the publisher takes: oldest first. */
export const UNSENT = { where: { publishedAt: IsNull() }, order: { id: 'ASC' } } as const;

function unitOf(user: User, role: string): string | undefined {
  return user.positions.find((position) => position.startsWith(`${role}@`))?.split('@')[1];
}

function reaches(user: User, { unit, receivingUnit }: Dossier): boolean {
  return user.positions.some((position) => [unit.code, receivingUnit.code].some((code) => code.startsWith(position.split('@')[1] ?? '?')));
}

function factOf(view: DossierView, user: User): Partial<OutboxEvent> {
  return envelope('records.dossiers', view.id, 'vn.quanso.data.RecordChanged.v1', { dataset: 'dossiers', key: view.id, version: view.version, code: view.code, unit: view.unit, changedBy: user.preferred_username, body: view });
}

function auditOf({ operation, user }: Pick<Command, 'operation' | 'user'>, id: string | undefined, fields: readonly string[], purpose: string | undefined): Partial<OutboxEvent> {
  const actor = { id: user.sub, username: user.preferred_username, client: user.azp, positions: user.positions };
  return envelope('audit.dossiers', id ?? user.sub, 'vn.quanso.security.AuditEntry.v1', { id: randomUUID(), at: new Date().toISOString(), action: operation, actor, purpose: purpose ?? null, objects: id === undefined ? [] : [id], fields });
}

function envelope(topic: string, key: string, type: string, data: object): Partial<OutboxEvent> {
  const eventId = randomUUID();
  return { eventId, topic, key, type, payload: { specversion: '1.0', id: eventId, source: '/dossiers', type, subject: key, time: new Date().toISOString(), data }, publishedAt: null };
}
