import assert from 'node:assert/strict';
import {
  AcceptDossier,
  AssignDossier,
  DecideDossier,
  HandInDossier,
  ReceiveDossier,
  RequestSupplement,
  ReturnResult,
  ReviewDraft,
  type DossierView,
} from '@quan-so/contracts-applications';
import { offeredTo } from '@quan-so/contracts-data';
import { applicant, BUSINESS, BUSINESS_PERSON, previewOf, procedureOf } from './cast.js';
import { on } from './permit.js';
import { same } from './same.js';
import { refused, type Story } from './world.js';

export interface BusinessTold {
  /** Ended with a notice of corrections. */
  readonly noticed: DossierView;
  /** Filed anew in its place. */
  readonly refiled: DossierView;
  /** At the counter, still open. */
  readonly counter: DossierView;
}

/** 1.001612: handed in from outside, ended by a notice that is itself the result, filed anew; and at the counter. */
export async function householdBusiness(story: Story, receivingUnit: string): Promise<BusinessTold> {
  await whatIsOffered(story);
  const handedIn = await handIn(story, receivingUnit);
  const noticed = await endWithNotice(story, handedIn);
  const refiled = await fileAnew(story, noticed);
  return { noticed, refiled, counter: await atTheCounter(story) };
}

async function whatIsOffered(story: Story): Promise<void> {
  await story.step(
    '1.001612: quầy và bưu chính được mở, trực tuyến chưa kiểm chứng nên không mở',
    '1.001612: counter and post are offered, online is not: unverified',
    async () => {
      const { body } = await procedureOf(story, BUSINESS.procedure);
      const offers = (['counter', 'post', 'online'] as const).map((channel) => offeredTo(body, BUSINESS.case, channel).offered);
      same(offers, [true, true, false]);
      const asked = { ...BUSINESS, channel: 'online' as 'counter', summary: 'Trực tuyến', applicant: applicant(story, 'Lê Thị Thử', BUSINESS_PERSON) };
      await refused(story.as('desk-clerk').call(ReceiveDossier, { body: asked }), 400, 'VALIDATION_FAILED');
    },
    () => `${story.world.bases['catalog'] ?? ''}/api/catalog/v1/procedures/${BUSINESS.procedure}`,
  );
}

async function handIn(story: Story, receivingUnit: string): Promise<DossierView> {
  const body = {
    ...BUSINESS,
    code: senderCode(story, 1),
    receivingUnit,
    submittedAt: new Date().toISOString(),
    summary: `Hộ kinh doanh ${story.mark}`,
    applicant: applicant(story, 'Lê Thị Thử', BUSINESS_PERSON),
  };
  const portal = story.as('portal-connector');
  const handedIn = await story.step('Hệ thống kết nối chuyển hồ sơ trực tuyến vào, có cờ chưa kiểm chứng', 'A connector hands in an online dossier; the unverified fields are flagged', async () => {
    const { body: taken, status } = await portal.call(HandInDossier, { body });
    same([status, taken.code, taken.state, taken.status.code, taken.sender?.system], [201, body.code, 'registered', 1, 'portal-connector']);
    assert.ok(taken.unverified.includes('term'), `unverified names the term, it says ${taken.unverified.join(', ')}`);
    assert.equal(taken.deadline, null, 'the clock does not run before the desk accepts');
    return taken;
  });
  await story.step('Chuyển lại cùng mã: cùng một hồ sơ; nội dung khác: từ chối', 'The same code again: the same dossier; other content: refused', async () => {
    const again = await portal.call(HandInDossier, { body });
    assert.equal(again.body.id, handedIn.id);
    await refused(portal.call(HandInDossier, { body: { ...body, summary: 'Nội dung khác' } }), 409, 'SENDER_CODE_TAKEN');
  });
  return story.step('Cán bộ tiếp nhận hồ sơ đang chờ', 'The desk accepts what is waiting', async () => {
    const { body: accepted } = await story.as('desk-clerk').call(AcceptDossier, { ...on(handedIn), body: {} });
    same([accepted.state, accepted.status.code], ['received', 2]);
    assert.equal(accepted.deadline?.dueAt, (await previewOf(story, accepted)).dueAt);
    return accepted;
  });
}

async function endWithNotice(story: Story, dossier: DossierView): Promise<DossierView> {
  return story.step('Thông báo sửa đổi chính là kết quả: trình, duyệt, ký, trả', 'The notice of corrections is the result: proposed, reviewed, signed, returned', async () => {
    const { body: assigned } = await story.as('division-head').call(AssignDossier, { ...on(dossier), body: { specialist: 'specialist' } });
    const asked = { missing: ['Giấy đề nghị ghi thiếu ngành nghề'], reason: 'Ngành nghề chưa ghi theo mã cấp 4' };
    const { body: drafted } = await story.as('specialist').call(RequestSupplement, { ...on(assigned), body: asked });
    same([drafted.state, drafted.result?.outcome, drafted.result?.result], ['proposed', 'notice', 'KQ.G12.001009']);
    assert.equal(drafted.deadline?.pausedSince, null, 'the clock does not stand');
    const { body: reviewed } = await story.as('division-head').call(ReviewDraft, { ...on(drafted), body: { verdict: 'approved' } });
    const { body: signed } = await story.as('authority-lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'notice', documentNumber: '45/TB-UBND' } });
    same([signed.state, signed.status.code, signed.outcome], ['decided', 9, 'notice']);
    const { body: returned } = await story.as('return-clerk').call(ReturnResult, { ...on(signed), body: { receivedBy: `Lê Thị Thử ${story.mark}` } });
    same([returned.state, returned.status.code], ['returned', 10]);
    return returned;
  });
}

async function fileAnew(story: Story, noticed: DossierView): Promise<DossierView> {
  return story.step('Nộp lại, nối với hồ sơ đã có thông báo', 'Filed anew, linked to the one that ended with the notice', async () => {
    const { receivingUnit } = noticed;
    const body = { ...BUSINESS, code: senderCode(story, 2), receivingUnit, submittedAt: new Date().toISOString(), summary: `Hộ kinh doanh, nộp lại ${story.mark}`, applicant: applicant(story, 'Lê Thị Thử', BUSINESS_PERSON), supersedes: noticed.code };
    const { body: refiled } = await story.as('portal-connector').call(HandInDossier, { body });
    same([refiled.supersedes, refiled.state], [noticed.code, 'registered']);
    const { body: accepted } = await story.as('desk-clerk').call(AcceptDossier, { ...on(refiled), body: {} });
    return accepted;
  });
}

async function atTheCounter(story: Story): Promise<DossierView> {
  return story.step('1.001612 tại quầy: 3 ngày làm việc', '1.001612 at the counter: 3 working days', async () => {
    const body = { ...BUSINESS, channel: 'counter' as const, summary: `Hộ kinh doanh tại quầy ${story.mark}`, applicant: applicant(story, 'Phạm Thị Thử', BUSINESS_PERSON) };
    const { body: received } = await story.as('desk-clerk').call(ReceiveDossier, { body });
    same(received.deadline?.term, { unit: 'working-days', value: 3 });
    assert.equal(received.deadline?.dueAt, (await previewOf(story, received)).dueAt);
    same(received.unverified, []);
    return received;
  });
}

/** A code of the sending system; the mark makes it unique per telling. */
function senderCode(story: Story, number: number): string {
  return `G12.05-${new Date().toISOString().slice(2, 10).replaceAll('-', '')}-${story.mark.toUpperCase()}${number}`;
}
