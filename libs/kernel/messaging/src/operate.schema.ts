import { z } from 'zod';

/* What operators see and say. Of an event: where it stands, why, since when; never what is in it. */

const uuid = (description: string): z.ZodUUID => z.uuid().meta({ description, examples: ['01997e3c-8f00-7000-8000-000000000001'] });
const count = (description: string, example = 1): z.ZodInt => z.int().min(0).max(2_147_483_647).meta({ description, examples: [example] });
const instant = (description: string): z.ZodISODateTime => z.iso.datetime({ offset: true }).max(35).meta({ description, examples: ['2026-11-24T09:00:00.000+07:00'] });
const text = (max: number, description: string, example: string): z.ZodString => z.string().max(max).meta({ description, examples: [example] });

export const reason = z.enum(['CONTRACT', 'HANDLER', 'BEHIND', 'STALE']).meta({
  description: 'CONTRACT: sai lược đồ; HANDLER: xử lý hỏng; BEHIND: đứng sau một thông điệp cùng khoá; STALE: cũ hơn điều còn nhớ. / CONTRACT: breaks its schema; HANDLER: its handler failed; BEHIND: behind another one of its key; STALE: older than what is remembered.',
  examples: ['HANDLER'],
});
export type Reason = z.output<typeof reason>;

const topicText = 'Chủ đề. / Topic.';
const keyText = 'Khoá thứ tự, không bao giờ là dữ liệu cá nhân. / Ordering key, never personal.';
const TOPIC = /^(records|audit|reference)\.[a-z]+(-[a-z]+)*$/;
const topic = z.string().max(100).regex(TOPIC).meta({ description: topicText, examples: ['records.dossiers'] });
const key = z.string().min(1).max(200).meta({ description: keyText, examples: ['01997e3c-8f00-7000-8000-000000000001'] });

export const parkedQuery = z.strictObject({ topic: topic.optional(), key: key.optional(), reason: reason.optional() });

export const parkedMessage = z
  .object({
    eventId: uuid('Mã sự kiện; giữ nguyên khi chạy lại. / Id of the event; a replay keeps it.'),
    topic: text(100, topicText, 'records.dossiers'),
    shard: count('Phần của chủ đề. / Shard of the topic.', 0),
    position: z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({ description: 'Vị trí trong phần đó. / Place in its shard.', examples: [41] }),
    key: text(200, keyText, '01997e3c-8f00-7000-8000-000000000001'),
    type: text(200, 'Loại sự kiện; null khi không đọc được. / Type; null when it could not be read.', 'vn.quanso.data.record-changed.v1').nullable(),
    reason,
    error: text(200, 'Loại lỗi, không phải lời của lỗi. / Kind of error, not its words.', 'TypeError').nullable(),
    faults: text(2_000, 'Chỗ sai lược đồ, không có giá trị. / Where it breaks its schema, without values.', '/code: invalid_type').nullable(),
    places: z.array(z.string().max(300)).max(20).meta({ description: 'Chỗ trong mã nguồn. / Places in the source.', examples: [['take (apps/data/warehouse/src/records.consumer.ts:30:13)']] }),
    tries: count('Số lần đã thử. / How often it was tried.'),
    since: instant('Đỗ lại từ lúc. / Parked since.'),
    behind: count('Số thông điệp cùng khoá đứng sau nó. / How many of its key stand behind it.', 0),
    traceId: text(32, 'Vết của lần xử lý hỏng. / Trace in which it failed.', '4bf92f3577b34da6a3ce929d0e0e4736').nullable(),
  })
  .meta({ id: 'ParkedMessage', description: 'Một thông điệp đang đỗ, không có nội dung. / A parked message, without its content.' });
export type ParkedView = z.output<typeof parkedMessage>;

const seconds = (description: string): z.ZodInt => z.int().min(0).max(2_147_483_647).meta({ description, examples: [0] });

export const messagesState = z
  .object({
    at: instant('Lúc trả lời. / When this was true.'),
    unsent: count('Sự kiện chưa gửi đi, đếm đến 100.000. / Events not sent yet, counted up to 100,000.', 0),
    oldestUnsentSeconds: seconds('Sự kiện chưa gửi cũ nhất đã đợi. / How long the oldest of them has waited.'),
    oldestUnreadSeconds: seconds('Sự kiện đã đến mà chưa có tác dụng đã đợi. / How long the oldest event that came and has no effect yet has waited.'),
    parked: z
      .object({
        CONTRACT: count('Sai lược đồ. / Broken.', 0),
        HANDLER: count('Xử lý hỏng. / Failed.', 0),
        BEHIND: count('Đứng sau. / Behind others.', 0),
        STALE: count('Cũ hơn điều còn nhớ. / Older than what is remembered.', 0),
        since: instant('Cũ nhất từ lúc. / The oldest since.').nullable(),
      })
      .meta({ id: 'ParkedCounts', description: 'Số thông điệp đang đỗ theo lý do. / Parked messages by reason.' }),
    gaps: count('Chỗ hụt chưa vá. / Gaps not mended yet.', 0),
    replicaAsOf: instant('Bản sao dữ liệu của dịch vụ khác đúng tới lúc. / Replicas of other services are true up to.').nullable(),
    replicaSeconds: seconds('Tuổi của bản sao. / Age of the replicas.').nullable(),
    replaysRunning: count('Kế hoạch đang chạy. / Replays running.', 0),
  })
  .meta({ id: 'MessagesState', description: 'Thông điệp của dịch vụ: đợi bao lâu, đỗ bao nhiêu, hụt chỗ nào. / Messages of the service: what waits, what is parked, what is missing.' });
export type StateView = z.output<typeof messagesState>;

export const gap = z
  .object({
    gapId: uuid('Định danh. / Identifier.'),
    kind: z.enum(['POSITIONS', 'COUNT', 'RECKONING']).meta({
      description:
        'POSITIONS: nhật ký của hạ tầng đã bị cắt; COUNT: số đếm hai bên khác nhau; RECKONING: chính bản đối soát bị mất. / POSITIONS: the broker’s log was cut; COUNT: both sides count differently; RECKONING: a reckoning itself was lost.',
      examples: ['COUNT'],
    }),
    topic: text(100, topicText, 'records.dossiers'),
    from: instant('Từ lúc (của mã sự kiện); null: không rõ. / From (of the event ids); null: not known.').nullable(),
    to: instant('Đến trước lúc. / Before.'),
    told: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().meta({ description: 'Bên nói đã nói. / What was told.', examples: [12] }),
    heard: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().meta({ description: 'Bên nghe đã nghe. / What was heard.', examples: [9] }),
    missing: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().meta({ description: 'Số vị trí bị nhảy qua. / Places that were jumped over.', examples: [3] }),
    foundAt: instant('Thấy lúc. / Found at.'),
    asks: count('Đã tự hỏi bên nói gửi lại mấy lần. / How often whoever told it was asked to send it again.'),
    askedAt: instant('Hỏi lần cuối lúc. / Last asked at.').nullable(),
    givenUpAt: instant('Thôi tự hỏi từ lúc, vì hỏi mãi không thấy gì thêm; cần người xem. / Not asked for any more since, as nothing came of it: somebody has to look.').nullable(),
  })
  .meta({ id: 'MessageGap', description: 'Một chỗ hụt: có điều đã nói mà chưa nghe. / A gap: something told was not heard.' });
export type GapView = z.output<typeof gap>;

const because = z.string().min(3).max(500).meta({ description: 'Vì sao; được lưu cùng nhật ký. / Why; kept with the record of the act.', examples: ['Đã sửa lỗi ở bản 1.4.2'] });

/** One event, a key, all of a reason, or a window of what was told: exactly one of them. */
export const planReplay = z
  .strictObject({
    eventId: uuid('Một sự kiện đang đỗ. / One parked event.').optional(),
    topic: topic.optional(),
    key: key.optional(),
    reason: reason.optional(),
    from: instant('Gửi lại những gì đã nói từ lúc. / Send again what was told from.').optional(),
    to: instant('… đến trước lúc. / … before.').optional(),
    perSecond: z.int().min(1).max(500).default(50).meta({ description: 'Nhịp chạy. / Pace.', examples: [50] }),
    because,
  })
  .refine((given) => selectionOf(given) !== undefined)
  .meta({
    id: 'PlanReplay',
    description: 'Chọn đúng một: eventId; topic và key; reason (và topic nếu muốn); topic, from và to. / Exactly one of: eventId; topic and key; reason (and topic if wanted); topic, from and to.',
    examples: [{ topic: 'records.dossiers', key: '01997e3c-8f00-7000-8000-000000000001', because: 'Đã sửa lỗi ở bản 1.4.2' }],
  });

export type Selection =
  | { readonly of: 'event'; readonly eventId: string }
  | { readonly of: 'key'; readonly topic: string; readonly key: string }
  | { readonly of: 'reason'; readonly reason: Reason; readonly topic?: string }
  | { readonly of: 'window'; readonly topic: string; readonly from: string; readonly to: string };

interface Given {
  readonly eventId?: string | undefined;
  readonly topic?: string | undefined;
  readonly key?: string | undefined;
  readonly reason?: Reason | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What a body selects; undefined when it selects nothing, or two things. */
export function selectionOf(given: Given): Selection | undefined {
  const { eventId, topic: of, key: one, reason: why, from, to } = given;
  const named = Object.entries({ eventId, topic: of, key: one, reason: why, from, to }).flatMap(([name, value]) => (value === undefined ? [] : [name])).join();
  if (named === 'eventId' && eventId !== undefined) return { of: 'event', eventId };
  if (named === 'topic,key' && of !== undefined && one !== undefined) return { of: 'key', topic: of, key: one };
  if (named === 'reason' && why !== undefined) return { of: 'reason', reason: why };
  if (named === 'topic,reason' && of !== undefined && why !== undefined) return { of: 'reason', reason: why, topic: of };
  if (named === 'topic,from,to' && of !== undefined && from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to)) return { of: 'window', topic: of, from, to };
  return undefined;
}

export const actOnReplay = z.strictObject({ because }).meta({ id: 'ActOnReplay', description: 'Vì sao làm việc này. / Why this is done.', examples: [{ because: 'Chờ nâng cấp kho xong' }] });

export const replay = z
  .object({
    replayId: uuid('Định danh, dùng để chạy. / Identifier, to apply it by.'),
    version: z.int().min(1).max(2_147_483_647).meta({ description: 'Số việc người đã làm trên kế hoạch, cũng là ETag. / Acts of people on it, also the ETag.', examples: [1] }),
    state: z.enum(['planned', 'running', 'paused', 'done', 'cancelled']).meta({ description: 'Trạng thái. / State.', examples: ['planned'] }),
    of: z.enum(['event', 'key', 'reason', 'window']).meta({ description: 'Chọn theo gì. / What it was chosen by.', examples: ['key'] }),
    topic: text(100, topicText, 'records.dossiers').nullable(),
    messages: count('Số thông điệp. / Messages.', 3),
    keys: count('Số khoá. / Keys.'),
    oldest: instant('Cũ nhất từ lúc. / The oldest since.').nullable(),
    processed: count('Đã xử lý xong từ trước, không chạy nữa. / Have their effect already and are left alone.', 0),
    left: count('Vượt trần, để lại cho kế hoạch sau. / Beyond the cap, left for a later plan.', 0),
    cap: count('Trần thông điệp của một kế hoạch. / Most messages of one plan.', 1000),
    perSecond: count('Nhịp chạy. / Pace.', 50),
    done: count('Đã xong. / Done.', 0),
    failed: count('Hỏng lại, đỗ lại đúng chỗ cũ. / Failed again, parked at their place.', 0),
    because: text(500, 'Lý do của việc sau cùng. / Reason of the last act.', 'Đã sửa lỗi ở bản 1.4.2'),
    by: text(100, 'Người làm việc sau cùng. / Who did the last act.', 'it-admin'),
    plannedAt: instant('Lập lúc. / Planned at.'),
    endedAt: instant('Xong hoặc huỷ lúc. / Done or cancelled at.').nullable(),
  })
  .meta({ id: 'MessageReplay', description: 'Kế hoạch chạy lại: số lượng trước, chạy sau. / A replay: its numbers first, then its run.' });
export type ReplayView = z.output<typeof replay>;

export const replayId = uuid('Định danh kế hoạch. / Identifier of the replay.');
