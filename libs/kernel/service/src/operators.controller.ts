import { Controller, type Type } from '@nestjs/common';
import { type Answer, type Call, type Page } from '@quan-so/contract';
import { Handles } from '@quan-so/http';
import { Operators, operatorOperations, type GapView, type OperatorOperations as Ops, type ParkedView, type ReplayView, type StateView } from '@quan-so/messaging';

/** The operators' routes of one service: one line per route, the same of every service. */
export function operatorsControllerOf(service: string): Type {
  const operations = operatorOperations(service);

  @Controller()
  class OperatorsController {
    constructor(private readonly operators: Operators) {}

    @Handles(operations.readState) state(): Promise<Answer<StateView>> { return this.operators.state(); }
    @Handles(operations.listParked) parked(call: Call<Ops['listParked']>): Promise<Answer<Page<ParkedView>>> { return this.operators.parked(call); }
    @Handles(operations.listGaps) gaps(call: Call<Ops['listGaps']>): Promise<Answer<Page<GapView>>> { return this.operators.gaps(call); }
    @Handles(operations.listReplays) replays(call: Call<Ops['listReplays']>): Promise<Answer<Page<ReplayView>>> { return this.operators.replays(call); }
    @Handles(operations.readReplay) replay(call: Call<Ops['readReplay']>): Promise<Answer<ReplayView>> { return this.operators.replay(call); }
    @Handles(operations.planReplay) plan(call: Call<Ops['planReplay']>): Promise<Answer<ReplayView>> { return this.operators.plan(call); }
    @Handles(operations.applyReplay) apply(call: Call<Ops['applyReplay']>): Promise<Answer<ReplayView>> { return this.operators.act('apply', call); }
    @Handles(operations.pauseReplay) pause(call: Call<Ops['applyReplay']>): Promise<Answer<ReplayView>> { return this.operators.act('pause', call); }
    @Handles(operations.resumeReplay) resume(call: Call<Ops['applyReplay']>): Promise<Answer<ReplayView>> { return this.operators.act('resume', call); }
    @Handles(operations.cancelReplay) cancel(call: Call<Ops['applyReplay']>): Promise<Answer<ReplayView>> { return this.operators.act('cancel', call); }
  }

  return OperatorsController;
}
