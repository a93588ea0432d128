import { Controller } from '@nestjs/common';
import { type Answer, type Call, type Page } from '@quan-so/contract';
import { ListProposals, ProposeReference, PublishProposal, ReadProposal, RejectProposal, type ProposalView } from '@quan-so/contracts-data';
import { Handles } from '@quan-so/http';
import { ProposalsService } from './proposals.service.js';

/** One line per route; permission, headers and schemas are the operation's. */
@Controller()
export class ProposalsController {
  constructor(private readonly proposals: ProposalsService) {}

  @Handles(ProposeReference) propose(call: Call<typeof ProposeReference>): Promise<Answer<ProposalView>> { return this.proposals.propose(call); }
  @Handles(ListProposals) list(call: Call<typeof ListProposals>): Promise<Answer<Page<ProposalView>>> { return this.proposals.list(call); }
  @Handles(ReadProposal) read(call: Call<typeof ReadProposal>): Promise<Answer<ProposalView>> { return this.proposals.read(call); }
  @Handles(PublishProposal) publish(call: Call<typeof PublishProposal>): Promise<Answer<ProposalView>> { return this.proposals.publish(call); }
  @Handles(RejectProposal) reject(call: Call<typeof RejectProposal>): Promise<Answer<ProposalView>> { return this.proposals.reject(call); }
}
