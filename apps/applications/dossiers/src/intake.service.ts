import { Inject, Injectable } from '@nestjs/common';
import { permits, unitsInScope, demand } from '@quan-so/auth';
import { Refusal, type Answer, type Call, type PermissionDef, type Position } from '@quan-so/contract';
import {
  DOSSIER_HAND_IN,
  DOSSIER_RECEIVE,
  SENDER_CODE_TAKEN,
  type Channel,
  type DossierView,
  type HandInDossier,
  type ReceiveDossier,
} from '@quan-so/contracts-applications';
import { formatDossierCode, localDateOf, maskPersonalNumber, maskPhone, parsePhone } from '@quan-so/language';
import { Seal, uuidv7, Work, type Changed, type Sql, type StoredAnswer, type Tx } from '@quan-so/persistence';
import { Clock, SERVICE_CONFIG, type ServiceConfig } from '@quan-so/service';
import { begin, type Incoming } from './dossier.commands.rules.js';
import { type Applicant, type DossierState } from './dossier.state.js';
import { nameOnSpan, objectOf, statusOf, stepOf, tell } from './dossier.telling.js';
import { wordsOf } from './dossier.text.js';
import { outwardViewOf, titleOf, viewOf } from './dossier.view.js';
import { findDossierByCode, findSenderDigest, getDossierAt, insertDossier, nextSerial, type Indexed } from './dossiers.queries.js';
import { canonical, chooseReceivingUnit, demandPersonalNumber, demandSuperseded, getReceivingUnit, type Reach } from './intake.rules.js';
import { demandCase, demandOffered, rulesOf } from './procedure.rules.js';
import { countingFor, demandUnit, getAuthority, getProcedure, type Known } from './reference.rules.js';
import { ReferenceService } from './reference.service.js';

type Content = Call<typeof ReceiveDossier>['body'] | Call<typeof HandInDossier>['body'];

/** Where, through which channel and from whom it comes; the rest is what the person filed. */
interface Arrival {
  readonly known: Known;
  readonly now: Date;
  readonly channel: Channel;
  readonly receivingUnit: string;
  readonly sender: Incoming['sender'];
}

/** How a dossier comes in: received on paper by the desk, or handed in by a system under its own code. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly work: Work,
    private readonly seal: Seal,
    private readonly reference: ReferenceService,
    private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  async receive(call: Call<typeof ReceiveDossier>): Promise<Answer<DossierView>> {
    const now = this.clock.now();
    const known = await this.reference.at(now, call.body.procedure);
    return this.work.change(call, { work: (tx) => this.received(tx, call, known, now), recall });
  }

  async handIn(call: Call<typeof HandInDossier>): Promise<Answer<DossierView>> {
    const now = this.clock.now();
    const known = await this.reference.at(now, call.body.procedure);
    return this.work.change(call, { work: (tx) => this.handedIn(tx, call, known, now), recall });
  }

  private async received(tx: Tx, { actor, body }: Call<typeof ReceiveDossier>, known: Known, now: Date): Promise<Changed<DossierView>> {
    const { body: procedure } = getProcedure(known);
    const reach = reachOf(unitsInScope(actor, DOSSIER_RECEIVE));
    const receivingUnit = body.receivingUnit === undefined ? chooseReceivingUnit(procedure, reach, known.units) : getReceivingUnit(body.receivingUnit, procedure);
    const by = demanded(tx, DOSSIER_RECEIVE, receivingUnit);
    demandCase(procedure, body.case);
    demandOffered(procedure, body.case, body.channel);
    const arrival = { known, now, channel: body.channel, receivingUnit, sender: null };
    const incoming = await this.incoming(tx.sql, body, arrival);
    const state = await this.insertWithCode(tx, incoming, arrival, this.indexed(body, null), by);
    return this.told(tx, state);
  }

  /** The same code with the same content is the same dossier, whatever became of it since; with other content it is refused. */
  private async handedIn(tx: Tx, { actor, body }: Call<typeof HandInDossier>, known: Known, now: Date): Promise<Changed<DossierView>> {
    const by = demanded(tx, DOSSIER_HAND_IN, body.receivingUnit);
    const digest = this.seal.index(canonical({ system: actor.client, ...body }), 'dossier:handed-in');
    const earlier = await findSenderDigest(tx.sql, body.code);
    if (earlier !== undefined) return this.again(tx, earlier, digest);
    const { body: procedure } = getProcedure(known);
    const receivingUnit = getReceivingUnit(body.receivingUnit, procedure);
    demandCase(procedure, body.case);
    const sender = { system: actor.client, submittedAt: new Date(body.submittedAt).toISOString() };
    const arrival: Arrival = { known, now, channel: 'online', receivingUnit, sender };
    const state = this.beginning({ ...(await this.incoming(tx.sql, body, arrival)), code: body.code }, arrival);
    const step = stepOf(tx, state, { command: 'hand-in', before: undefined, by, note: null });
    if (!(await insertDossier(tx.sql, state, { ...this.indexed(body, digest), ...found(state) }, step))) {
      const faster = await findSenderDigest(tx.sql, body.code);
      if (faster === undefined) throw new Error('a code that is taken has a dossier');
      return this.again(tx, faster, digest);
    }
    return this.told(tx, state);
  }

  private again(tx: Tx, { digest, document }: { digest: string | null; document: DossierState }, given: string): Changed<DossierView> {
    if (digest !== given) throw new Refusal(SENDER_CODE_TAKEN);
    nameOnSpan(document);
    tx.audit([objectOf(document)], []);
    return created(document);
  }

  private async incoming(sql: Sql, content: Content, arrival: Arrival): Promise<Omit<Incoming, 'code'>> {
    const { known, receivingUnit, channel, sender } = arrival;
    const { version, body: procedure } = getProcedure(known);
    const unit = procedure.competentUnit ?? receivingUnit;
    demandUnit(known, receivingUnit);
    demandUnit(known, unit);
    const { applicant, supersedes } = content;
    if (applicant.personalNumber !== undefined) demandPersonalNumber(applicant.personalNumber, this.config.profile);
    if (supersedes !== undefined) demandSuperseded(await findDossierByCode(sql, supersedes), procedure.code);
    const id = uuidv7();
    return {
      id,
      procedure: { code: procedure.code, version, name: procedure.name },
      case: content.case,
      channel,
      summary: content.summary,
      applicant: this.sealed(applicant, id),
      papers: content.papers,
      receivingUnit,
      unit,
      sender,
      supersedes: supersedes ?? null,
    };
  }

  private sealed({ kind, name, personalNumber, organisationCode, phone, address }: Content['applicant'], id: string): Applicant {
    const sealed = (text: string | undefined, field: string): string | null => (text === undefined ? null : this.seal.seal(text, `dossier:applicant.${field}:${id}`));
    const e164 = phone === undefined ? undefined : parsePhone(phone).e164;
    return {
      kind,
      name,
      personalNumber: sealed(personalNumber, 'personalNumber'),
      personalNumberMasked: personalNumber === undefined ? null : maskPersonalNumber(personalNumber),
      organisationCode: organisationCode ?? null,
      phone: sealed(e164, 'phone'),
      phoneMasked: phone === undefined ? null : maskPhone(phone),
      address: address ?? null,
    };
  }

  private indexed({ applicant }: Content, senderDigest: string | null): Pick<Indexed, 'senderDigest' | 'applicantIndex'> {
    const { personalNumber } = applicant;
    return { senderDigest, applicantIndex: personalNumber === undefined ? null : this.seal.index(personalNumber, 'personal-number') };
  }

  /** Serials are gapless and in the order of commits; one whose code a system has brought along already is passed over. */
  private async insertWithCode(
    tx: Tx,
    incoming: Omit<Incoming, 'code'>,
    arrival: Arrival,
    indexed: Pick<Indexed, 'senderDigest' | 'applicantIndex'>,
    by: Position | undefined,
  ): Promise<DossierState> {
    const { pattern } = getAuthority(arrival.known).dossierCode;
    const day = localDateOf(arrival.now.getTime());
    for (;;) {
      const serial = await nextSerial(tx.sql, arrival.receivingUnit, day);
      const code = formatDossierCode(pattern, { unit: arrival.receivingUnit, date: day, serial });
      const state = this.beginning({ ...incoming, code }, arrival);
      const step = stepOf(tx, state, { command: 'receive', before: undefined, by, note: null });
      if (await insertDossier(tx.sql, state, { ...indexed, ...found(state) }, step)) return state;
    }
  }

  /** The dossier that has just come in. */
  private told(tx: Tx, state: DossierState): Changed<DossierView> {
    const view = viewOf(state);
    tell(tx, state, { command: 'receive', before: undefined }, view);
    this.reference.meet(state);
    return created(state, view);
  }

  private beginning(incoming: Incoming, { known, now }: Arrival): DossierState {
    const rules = rulesOf(getProcedure(known).body, incoming.case, incoming.channel);
    return begin(incoming, { now, rules, counting: countingFor(known, incoming.unit) });
  }
}

/** The position by which the caller may; throws Refusal FORBIDDEN. */
function demanded({ actor }: Tx, permission: PermissionDef, unit: string): Position | undefined {
  demand(actor, permission, { unit });
  const decision = permits(actor, permission, { unit });
  return decision.allowed ? decision.by : undefined;
}

function reachOf(scope: ReturnType<typeof unitsInScope>): Reach {
  return scope.all ? { all: true, units: [], exactUnits: [] } : scope;
}

function found(state: DossierState): Pick<Indexed, 'status' | 'searchKey'> {
  return { status: statusOf(state), searchKey: wordsOf(`${state.code} ${titleOf(state)}`).map((word) => ` ${word}`).join('') };
}

function created(state: DossierState, view = viewOf(state)): Changed<DossierView> {
  return { id: state.id, version: state.version, body: outwardViewOf(state, view), location: `/api/dossiers/v1/dossiers/${state.id}` };
}

async function recall(sql: Sql, stored: StoredAnswer): Promise<DossierView> {
  return outwardViewOf(await getDossierAt(sql, stored.id, stored.version));
}
