import { z } from 'zod';
import { defineEvent, type EventDef, type TopicKind } from './event.js';

const instant = z.iso.datetime({ offset: true }).max(35);

/**
 * What a service says it has told: of one shard of a topic, all events whose ids (UUIDv7) fall into `[from, to)`, by type.
 * It goes the same way as the events and stands behind them, so whoever hears it has heard them, or knows that he has not.
 */
export const reckoning = z.object({
  from: instant.meta({ description: 'Từ lúc, theo mã sự kiện. / From, by the event ids.', examples: ['2026-11-24T09:00:00.000+07:00'] }),
  to: instant.meta({ description: 'Đến trước lúc. / Before.', examples: ['2026-11-24T09:01:00.000+07:00'] }),
  shard: z.int().min(0).max(1_000).meta({ description: 'Phần của chủ đề. / Shard of the topic.', examples: [0] }),
  told: z
    .array(
      z.object({
        type: z.string().max(200).meta({ description: 'Loại sự kiện. / Type.', examples: ['vn.quanso.data.record-changed.v1'] }),
        count: z.int().min(0).max(2_147_483_647).meta({ description: 'Số sự kiện. / Events.', examples: [12] }),
        digest: z
          .string()
          .max(20)
          .regex(/^-?\d{1,19}$/)
          .meta({ description: 'XOR của 64 bit cuối các mã sự kiện. / XOR of the last 64 bits of the event ids.', examples: ['1234567'] }),
      }),
    )
    .max(200)
    .meta({ description: 'Đã nói gì, theo loại. / What was told, by type.', examples: [[]] }),
});
export type Reckoning = z.output<typeof reckoning>;

/** Kinds of topics whose events are counted. What is missing is said again each hour: nobody need count that. */
export type CountedKind = Exclude<TopicKind, 'missing'>;

function define(kind: CountedKind): EventDef<typeof reckoning> {
  return defineEvent({
    layer: 'security',
    name: 'reckoning',
    version: 1,
    kind,
    schema: reckoning,
    description: 'Bên nói đã nói những gì trong một khoảng thời gian, để bên nghe đối soát. / What was told in a window, for whoever hears to compare.',
  });
}

/** One declaration per kind of topic, since it goes on the topic that it counts. */
export const RECKONINGS: Readonly<Record<CountedKind, EventDef<typeof reckoning>>> = Object.freeze({
  records: define('records'),
  audit: define('audit'),
  reference: define('reference'),
});

export const RECKONING_TYPE = RECKONINGS.records.type;

export function isCounted(kind: TopicKind): kind is CountedKind {
  return kind !== 'missing';
}

/** Of a topic, in a window: something that was told has no effect here. Whoever told it sends the window again, with its ids. */
const eventsMissed = z.object({
  topic: z.string().max(100).regex(/^(records|audit|reference)\.[a-z]+(-[a-z]+)*$/).meta({ description: 'Chủ đề. / Topic.', examples: ['records.dossiers'] }),
  from: instant.meta({ description: 'Từ lúc, theo mã sự kiện. / From, by the event ids.', examples: ['2026-11-24T09:00:00.000+07:00'] }),
  to: instant.meta({ description: 'Đến trước lúc. / Before.', examples: ['2026-11-24T09:01:00.000+07:00'] }),
  told: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .nullable()
    .meta({ description: 'Bên nói bảo đã nói; null: chính bản đối soát bị mất. / What was said to be told; null: the reckoning itself was lost.', examples: [12] }),
  heard: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().meta({ description: 'Bên nghe đã nghe. / What was heard.', examples: [9] }),
  tries: z.int().min(1).max(1_000).meta({ description: 'Lần hỏi thứ mấy. / How often it has been asked for.', examples: [1] }),
});
export type EventsMissedData = z.output<typeof eventsMissed>;

/** On `missing.<service>`, whose only writer is the service that misses; heard by those it listens to. */
export const EventsMissed: EventDef<typeof eventsMissed> = defineEvent({
  layer: 'security',
  name: 'events-missed',
  version: 1,
  kind: 'missing',
  schema: eventsMissed,
  description:
    'Bên nghe còn thiếu sự kiện trong một khoảng thời gian; bên nói gửi lại từ hộp thư đi, giữ nguyên mã. / Events of a window were not heard; whoever told them sends them again from its outbox, with their ids.',
});
