import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  AssignDossier,
  DecideDossier,
  ProposeResult,
  ReadJourney,
  ReceiveDossier,
  RecordSupplement,
  RequestSupplement,
  ReturnResult,
  ReviewDraft,
  type DossierView,
  type JourneyView,
} from '@quan-so/contracts-applications';
import { applicant, HANDLING, PERMIT, PERMIT_PERSON, previewOf, procedureOf } from './cast.js';
import { same } from './same.js';
import { type Story, refused } from './world.js';

/** What the permit chapter leaves behind. */
export interface PermitTold {
  readonly dossier: DossierView;
  readonly journey: JourneyView;
}

const PATH = ['receive', 'assign', 'request-supplement', 'record-supplement', 'propose', 'review', 'decide', 'return'];
const HANDS = ['desk-clerk', 'division-head', 'specialist', 'desk-clerk', 'specialist', 'division-head', 'authority-lead', 'return-clerk'];

/** 1.013225 at the counter: received, supplemented, proposed, reviewed, decided, returned. */
export async function buildingPermit(story: Story): Promise<PermitTold> {
  const received = await receive(story);
  await refuseWhatIsNotPossible(story, received);
  const processing = await assign(story, received);
  const supplemented = await supplement(story, processing);
  const decided = await decide(story, supplemented);
  const dossier = await story.step('Trả kết quả tại quầy', 'Hand the result over at the counter', async () => {
    const { body } = await story.as('return-clerk').call(ReturnResult, { ...on(decided), body: { receivedBy: `Nguyễn Thị Đặng Thử ${story.mark}` } });
    same([body.state, body.status.code], ['returned', 10]);
    return body;
  });
  return { dossier, journey: await followJourney(story, dossier) };
}

async function receive(story: Story): Promise<DossierView> {
  const body = {
    ...PERMIT,
    channel: 'counter' as const,
    summary: `Xây nhà ở riêng lẻ, hồ sơ ${story.mark}`,
    applicant: applicant(story, 'Nguyễn Thị Đặng Thử', PERMIT_PERSON),
    papers: [{ name: 'Đơn đề nghị cấp giấy phép xây dựng', originals: 1, copies: 1 }],
  };
  const idempotencyKey = randomUUID();
  const desk = story.as('desk-clerk');
  const first = await story.step(
    'Tiếp nhận 1.013225 tại quầy, cấp mã và hẹn trả',
    'Receive 1.013225 at the counter: code and appointment',
    async () => {
      const reply = await desk.call(ReceiveDossier, { body, idempotencyKey });
      assert.equal(reply.status, 201);
      same([reply.body.state, reply.body.status.code, reply.version], ['received', 2, 1]);
      assert.match(reply.body.code, /-\d{4,}$/, 'a code ends with the serial of the day');
      assert.match(reply.body.applicant.personalNumber ?? '', /^\*{9}\d{3}$/, 'the number is shown masked');
      assert.notEqual(reply.body.referenceAge.asOf, null, 'the age of the reference data is known');
      return reply.body;
    },
    ({ id }) => `${story.world.bases['dossiers'] ?? ''}/api/dossiers/v1/dossiers/${id}`,
  );
  await story.step('Gửi lại cùng khoá: cùng một câu trả lời; nội dung khác: bị từ chối', 'The same key again: the same answer; other content: refused', async () => {
    const again = await desk.call(ReceiveDossier, { body, idempotencyKey });
    assert.equal(again.replayed, true);
    same(again.body, first);
    await refused(desk.call(ReceiveDossier, { body: { ...body, summary: 'Nội dung khác' }, idempotencyKey }), 422, 'IDEMPOTENCY_KEY_REUSED');
  });
  await story.step('Tính thử thời hạn: đúng bằng hạn của hồ sơ', 'The deadline asked beforehand is the dossier’s', async () => {
    const preview = await previewOf(story, first);
    same({ term: preview.term, dueAt: preview.dueAt, calendar: preview.calendar }, { term: first.deadline?.term, dueAt: first.deadline?.dueAt, calendar: first.deadline?.calendar });
    assert.ok(preview.working.length > 1, 'the working is shown');
  });
  return first;
}

async function refuseWhatIsNotPossible(story: Story, dossier: DossierView): Promise<void> {
  await story.step('Ký khi chưa trình: từ chối, nêu việc làm được lúc này và ai được làm', 'Sign before anything is proposed: refused, with what is possible now and by whom', async () => {
    const problem = await refused(story.as('authority-lead').call(DecideDossier, { ...on(dossier), body: { verdict: 'granted' } }), 409, 'TRANSITION_NOT_POSSIBLE');
    const possible = problem['possible'] as { command: string; roles: { code: string }[] }[];
    same(
      possible.map(({ command, roles }) => [command, ...roles.map(({ code }) => code).sort()]),
      [
        ['assign', 'authority-lead', 'division-head'],
        ['withdraw', 'desk-clerk'],
      ],
    );
  });
  await story.step('Cán bộ trả kết quả phân công: không đủ quyền', 'A return clerk assigns: not permitted', async () => {
    await refused(story.as('return-clerk').call(AssignDossier, { ...on(dossier), body: { specialist: 'specialist' } }), 403, 'FORBIDDEN');
  });
}

async function assign(story: Story, dossier: DossierView): Promise<DossierView> {
  const assigned = await story.step('Trưởng phòng phân công chuyên viên', 'The head of division assigns a specialist', async () => {
    const { body } = await story.as('division-head').call(AssignDossier, { ...on(dossier), body: { specialist: 'specialist' } });
    same([body.state, body.status.code, body.assignee], ['processing', 4, 'specialist']);
    return body;
  });
  await story.step('Sửa trên phiên bản cũ: từ chối', 'A change against an old version: refused', async () => {
    const problem = await refused(story.as('division-head').call(AssignDossier, { ...on(dossier), body: { specialist: 'specialist' } }), 412, 'VERSION_MISMATCH');
    assert.equal(problem['currentVersion'], assigned.version);
  });
  return assigned;
}

async function supplement(story: Story, dossier: DossierView): Promise<DossierView> {
  const waiting = await story.step('Yêu cầu bổ sung một lần, đồng hồ dừng', 'Ask for missing papers once; the clock stands', async () => {
    const asked = { missing: ['Bản vẽ mặt cắt qua móng'], reason: 'Bản vẽ thiếu mặt cắt qua móng' };
    const { body } = await story.as('specialist').call(RequestSupplement, { ...on(dossier), body: asked });
    same([body.state, body.status.code, body.notices.length], ['awaiting-supplement', 5, 1]);
    assert.notEqual(body.deadline?.pausedSince, null, 'the clock stands');
    return body;
  });
  return story.step('Nhận bổ sung, đồng hồ chạy lại theo quy định của thủ tục', 'The papers came; the clock runs again by the procedure’s row', async () => {
    const papers = [{ name: 'Bản vẽ mặt cắt qua móng', originals: 2, copies: 0 }];
    const { body } = await story.as('desk-clerk').call(RecordSupplement, { ...on(waiting), body: { papers } });
    same([body.state, body.status.code, body.deadline?.pausedSince], ['processing', 4, null]);
    const [notice] = body.notices;
    const { pauseEffect } = (await procedureOf(story, PERMIT.procedure)).body.supplement;
    const preview = await previewOf(story, body, [{ from: notice?.at ?? '', to: notice?.answeredAt ?? '', effect: pauseEffect }]);
    assert.equal(body.deadline?.dueAt, preview.dueAt, 'the deadline is that of the engine with this pause');
    return body;
  });
}

async function decide(story: Story, dossier: DossierView): Promise<DossierView> {
  const proposed = await story.step('Chuyên viên trình kết quả', 'The specialist proposes the result', async () => {
    const { body } = await story.as('specialist').call(ProposeResult, { ...on(dossier), body: { outcome: 'granted', reason: 'Đủ điều kiện cấp phép' } });
    same([body.state, body.status.code, body.result?.result], ['proposed', 4, 'KQ.G17.000311']);
    return body;
  });
  const reviewed = await story.step('Lãnh đạo phòng duyệt', 'The head reviews', async () => {
    const { body } = await story.as('division-head').call(ReviewDraft, { ...on(proposed), body: { verdict: 'approved' } });
    assert.equal(body.state, 'reviewed');
    return body;
  });
  await story.step('Ký khác dự thảo: từ chối', 'Sign something else than the draft: refused', async () => {
    await refused(story.as('authority-lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'refused' } }), 409, 'OUTCOME_NOT_AS_DRAFTED');
  });
  return story.step('Lãnh đạo ký giấy phép', 'The authority’s lead signs the permit', async () => {
    const { body } = await story.as('authority-lead').call(DecideDossier, { ...on(reviewed), body: { verdict: 'granted', documentNumber: '123/GPXD-UBND' } });
    same([body.state, body.status.code, body.outcome], ['decided', 9, 'granted']);
    return body;
  });
}

/** The journey: each step with who, when and its own trace. */
async function followJourney(story: Story, dossier: DossierView): Promise<JourneyView> {
  return story.step(
    'Hành trình: từng bước, ai, lúc nào, vết',
    'The journey: each step with who, when and its trace',
    async () => {
      const { body } = await story.as('desk-clerk').call(ReadJourney, { params: { dossierId: dossier.id }, purpose: HANDLING });
      same(body.steps.map(({ command }) => command), PATH);
      same(body.steps.map(({ by }) => by.role?.code), HANDS);
      same(body.steps.map(({ number }) => number), PATH.map((_, index) => index + 1));
      const traceIds = body.steps.map(({ traceId }) => traceId);
      for (const traceId of traceIds) assert.match(traceId, /^[0-9a-f]{32}$/);
      assert.equal(new Set(traceIds).size, PATH.length, 'every command has a trace of its own');
      return body;
    },
    () => `${story.world.bases['dossiers'] ?? ''}/api/dossiers/v1/dossiers/${dossier.id}/journey`,
  );
}

/** Which dossier a command is meant for, and which version of it was seen. */
export function on({ id, version }: DossierView): { params: { dossierId: string }; ifMatch: number } {
  return { params: { dossierId: id }, ifMatch: version };
}
