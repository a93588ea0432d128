import assert from 'node:assert/strict';
import { PreviewDeadline, ReadDossier, type DossierView } from '@quan-so/contracts-applications';
import { ProposeReference, PublishProposal, ReadCalendar, ReadUnit, type Calendar, type CreateProposalBody, type Procedure } from '@quan-so/contracts-data';
import { localDateOf, nextWorkingDay, parseInstant } from '@quan-so/language';
import { HANDLING, PERMIT, procedureOf } from './cast.js';
import { same } from './same.js';
import { eventually, refused, type Story } from './world.js';

/**
 * A change of the catalogue takes two persons and reaches the desk by itself: a holiday published late, then another term
 * of the permit. What was received keeps the version it was received under. In the end everything is as it was; answers the open dossier.
 */
export async function lateChanges(story: Story, permit: DossierView, open: DossierView): Promise<DossierView> {
  const settled = await lateHoliday(story, open);
  await otherTerm(story, permit);
  return settled;
}

async function lateHoliday(story: Story, open: DossierView): Promise<DossierView> {
  const { body: unit } = await story.as('').call(ReadUnit, { params: { code: open.unit } });
  const calendar = await calendarOf(story, unit.body.calendar);
  const before = await previewTerm(story, open.unit, open.acceptedAt ?? '');
  const holiday = nextWorkingDay(calendar, localDateOf(parseInstant(open.acceptedAt ?? '')));
  await story.step('Ngày nghỉ công bố muộn: người đề xuất không tự công bố', 'A late holiday: who proposes does not publish', async () => {
    const proposal = await propose(story, { kind: 'calendar', body: { ...calendar, days: [...calendar.days, lateDay(holiday)] }, reason: `Nghỉ đột xuất, thử ${story.mark}` });
    await refused(story.as('catalog-admin').call(PublishProposal, { ...proposal, body: {} }), 403, 'PROPOSAL_SAME_PERSON');
    await story.as('catalog-admin-2').call(PublishProposal, { ...proposal, body: { note: 'Đã đối chiếu bản gốc' } });
  });
  await story.step('Một người khác công bố: quầy tính theo lịch mới', 'Another person publishes: the desk counts by the new calendar', async () => {
    const after = await eventually('the new calendar at the desk', async () => {
      const preview = await previewTerm(story, open.unit, open.acceptedAt ?? '');
      return preview.calendar.version > before.calendar.version ? preview : undefined;
    });
    assert.ok(parseInstant(after.dueAt ?? '') > parseInstant(before.dueAt ?? ''), `a holiday on ${holiday} moves ${before.dueAt ?? ''}`);
  });
  await story.step('Hồ sơ đang giải quyết: hạn theo lịch mới, ngày hẹn trả đã in giữ nguyên', 'The open dossier: its deadline follows, the printed appointment stays', async () => {
    const moved = await eventually('the deadline of the open dossier', async () => {
      const now = await read(story, open);
      return now.deadline?.dueAt === open.deadline?.dueAt ? undefined : now;
    });
    assert.equal(moved.deadline?.appointmentAt, open.deadline?.appointmentAt);
    assert.equal(moved.procedure.version, open.procedure.version);
  });
  return story.step('Rút lại ngày nghỉ: lịch và hạn trở về như cũ', 'The holiday is taken back: calendar and deadline are as they were', async () => {
    await publish(story, { kind: 'calendar', body: calendar, reason: `Rút ngày nghỉ thử ${story.mark}` });
    await eventually('the calendar as it was', async () => ((await previewTerm(story, open.unit, open.acceptedAt ?? '')).dueAt === before.dueAt ? true : undefined));
    return eventually('the deadline as it was', async () => {
      const now = await read(story, open);
      return now.deadline?.dueAt === open.deadline?.dueAt ? now : undefined;
    });
  });
}

async function otherTerm(story: Story, permit: DossierView): Promise<void> {
  const published = await procedureOf(story, PERMIT.procedure);
  const shorter = { ...published.body, validFrom: today(), durations: published.body.durations.map(oneDayLess) };
  await story.step('Công bố thời hạn ngắn hơn: quầy thấy ngay, hồ sơ giữ phiên bản lúc tiếp nhận', 'A shorter term: the desk sees it, the dossier keeps the version it was received under', async () => {
    await publish(story, { kind: 'procedure', body: shorter, reason: `Rút ngắn thời hạn, thử ${story.mark}` });
    const ask = { procedure: PERMIT.procedure, case: PERMIT.case, unit: permit.unit, receivedAt: new Date().toISOString() };
    const expected = shorter.durations.find((row) => row.case === PERMIT.case)?.term;
    await eventually('the new term at the desk', async () => {
      const { body } = await story.as('desk-clerk').call(PreviewDeadline, { body: ask });
      return sameTerm(body.term, expected) ? true : undefined;
    });
    const kept = await read(story, permit);
    same([kept.procedure.version, kept.deadline?.term], [permit.procedure.version, permit.deadline?.term]);
  });
  await story.step('Trả thời hạn về như cũ', 'The term is as it was again', async () => {
    await publish(story, { kind: 'procedure', body: { ...published.body, validFrom: today() }, reason: `Trả thời hạn cũ, thử ${story.mark}` });
  });
}

type Proposed = { params: { proposalId: string }; ifMatch: number };

async function propose(story: Story, body: CreateProposalBody): Promise<Proposed> {
  const { body: proposal } = await story.as('catalog-admin').call(ProposeReference, { body });
  assert.equal(proposal.state, 'proposed');
  return { params: { proposalId: proposal.id }, ifMatch: proposal.version };
}

async function publish(story: Story, body: CreateProposalBody): Promise<void> {
  const proposal = await propose(story, body);
  const { body: published } = await story.as('catalog-admin-2').call(PublishProposal, { ...proposal, body: {} });
  assert.equal(published.state, 'published');
}

async function calendarOf(story: Story, code: string): Promise<Calendar> {
  return (await story.as('').call(ReadCalendar, { params: { code } })).body.body;
}

async function previewTerm(story: Story, unit: string, receivedAt: string) {
  return (await story.as('desk-clerk').call(PreviewDeadline, { body: { term: { unit: 'working-days', value: 3 }, unit, receivedAt } })).body;
}

async function read(story: Story, { id }: DossierView): Promise<DossierView> {
  return (await story.as('desk-clerk').call(ReadDossier, { params: { dossierId: id }, purpose: HANDLING })).body;
}

function lateDay(date: string): Calendar['days'][number] {
  return { date, kind: 'holiday', name: { vi: 'Nghỉ đột xuất (thử)', en: 'Late holiday (a trial)' }, legalBasis: 'Quyết định thử, không có thật', confirmed: true, validFrom: today() };
}

function oneDayLess(row: Procedure['durations'][number]): Procedure['durations'][number] {
  if (row.case !== PERMIT.case || row.term.unit === 'end-of-day') return row;
  return { ...row, term: { ...row.term, value: row.term.value - 1 } };
}

function sameTerm(one: Procedure['durations'][number]['term'], other: Procedure['durations'][number]['term'] | undefined): boolean {
  return other !== undefined && one.unit === other.unit && (one.unit === 'end-of-day' || (other.unit !== 'end-of-day' && one.value === other.value));
}

function today(): string {
  return localDateOf(Date.now());
}
