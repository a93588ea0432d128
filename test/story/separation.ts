import assert from 'node:assert/strict';
import { AssignDossier, ProposeResult, ReceiveDossier, ReviewDraft, WithdrawDossier } from '@quan-so/contracts-applications';
import { applicant, PERMIT, PERMIT_PERSON } from './cast.js';
import { on } from './permit.js';
import { same } from './same.js';
import { refused, type Story } from './world.js';

/** Deputy head who handles dossiers too: may do both, but not on one dossier. */
const BOTH = 'specialist-2';

/** The same person may not propose and review (NĐ 61/2018/NĐ-CP; §2.12 of the roles). */
export async function separationOfDuties(story: Story): Promise<void> {
  await story.step('Một người giữ hai vai: không tự duyệt dự thảo của mình', 'One person in two roles does not approve their own draft', async () => {
    const summary = `Xây nhà ở riêng lẻ, hai vai ${story.mark}`;
    const { body: received } = await story.as('desk-clerk').call(ReceiveDossier, { body: { ...PERMIT, channel: 'counter', summary, applicant: applicant(story, 'Trần Văn Thử', PERMIT_PERSON) } });
    const { body: assigned } = await story.as('division-head').call(AssignDossier, { ...on(received), body: { specialist: BOTH } });
    const { body: proposed } = await story.as(BOTH).call(ProposeResult, { ...on(assigned), body: { outcome: 'granted', reason: 'Đủ điều kiện' } });
    const problem = await refused(story.as(BOTH).call(ReviewDraft, { ...on(proposed), body: { verdict: 'approved' } }), 403, 'SEPARATION_OF_DUTIES');
    assert.equal(problem['separation'], 'OWN_DRAFT_REVIEWED');
    const { body: withdrawn } = await story.as('desk-clerk').call(WithdrawDossier, { ...on(proposed), body: { reason: 'Người nộp rút hồ sơ' } });
    same([withdrawn.state, withdrawn.status.code, withdrawn.outcome], ['withdrawn', 7, 'withdrawn']);
  });
}
