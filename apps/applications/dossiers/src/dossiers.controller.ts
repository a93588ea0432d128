import { Controller } from '@nestjs/common';
import { type Answer, type Call, type Page } from '@quan-so/contract';
import {
  AcceptDossier,
  AssignDossier,
  DecideDossier,
  HandInDossier,
  ListDossiers,
  PreviewDeadline,
  ProposeResult,
  ReadDossier,
  ReadDossierByCode,
  ReadJourney,
  ReceiveDossier,
  RecordSupplement,
  RefuseDossier,
  RequestSupplement,
  ReturnResult,
  ReviewDraft,
  StopDossier,
  WithdrawDossier,
  type DeadlinePreviewView,
  type DossierView,
  type JourneyView,
} from '@quan-so/contracts-applications';
import { Handles } from '@quan-so/http';
import { DeadlinesService } from './deadlines.service.js';
import { DossiersReader } from './dossiers.reader.js';
import { DossiersService } from './dossiers.service.js';
import { IntakeService } from './intake.service.js';

type Told = Promise<Answer<DossierView>>;

/** One line per route; permission, headers and schemas are the operation's. */
@Controller()
export class DossiersController {
  constructor(
    private readonly intake: IntakeService,
    private readonly dossiers: DossiersService,
    private readonly reader: DossiersReader,
    private readonly deadlines: DeadlinesService,
  ) {}

  @Handles(ReceiveDossier) receive(call: Call<typeof ReceiveDossier>): Told { return this.intake.receive(call); }
  @Handles(HandInDossier) handIn(call: Call<typeof HandInDossier>): Told { return this.intake.handIn(call); }

  @Handles(ListDossiers) list(call: Call<typeof ListDossiers>): Promise<Answer<Page<DossierView>>> { return this.reader.list(call); }
  @Handles(ReadDossier) read(call: Call<typeof ReadDossier>): Told { return this.reader.read(call); }
  @Handles(ReadDossierByCode) readByCode(call: Call<typeof ReadDossierByCode>): Told { return this.reader.readByCode(call); }
  @Handles(ReadJourney) journey(call: Call<typeof ReadJourney>): Promise<Answer<JourneyView>> { return this.reader.journey(call); }

  @Handles(AcceptDossier) accept(call: Call<typeof AcceptDossier>): Told { return this.dossiers.take(call, { name: 'accept', ...call.body }); }
  @Handles(RefuseDossier) refuse(call: Call<typeof RefuseDossier>): Told { return this.dossiers.take(call, { name: 'refuse-intake', ...call.body }); }
  @Handles(AssignDossier) assign(call: Call<typeof AssignDossier>): Told { return this.dossiers.take(call, { name: 'assign', ...call.body }); }
  @Handles(RequestSupplement) request(call: Call<typeof RequestSupplement>): Told { return this.dossiers.take(call, { name: 'request-supplement', ...call.body }); }
  @Handles(RecordSupplement) supplement(call: Call<typeof RecordSupplement>): Told { return this.dossiers.take(call, { name: 'record-supplement', ...call.body }); }
  @Handles(ProposeResult) propose(call: Call<typeof ProposeResult>): Told { return this.dossiers.take(call, { name: 'propose', ...call.body }); }
  @Handles(ReviewDraft) review(call: Call<typeof ReviewDraft>): Told { return this.dossiers.take(call, { name: 'review', ...call.body }); }
  @Handles(DecideDossier) decide(call: Call<typeof DecideDossier>): Told { return this.dossiers.take(call, { name: 'decide', ...call.body }); }
  @Handles(ReturnResult) handOver(call: Call<typeof ReturnResult>): Told { return this.dossiers.take(call, { name: 'return', ...call.body }); }
  @Handles(WithdrawDossier) withdraw(call: Call<typeof WithdrawDossier>): Told { return this.dossiers.take(call, { name: 'withdraw', ...call.body }); }
  @Handles(StopDossier) stop(call: Call<typeof StopDossier>): Told { return this.dossiers.take(call, { name: 'stop', ...call.body }); }

  @Handles(PreviewDeadline) preview(call: Call<typeof PreviewDeadline>): Promise<Answer<DeadlinePreviewView>> { return this.deadlines.preview(call); }
}
