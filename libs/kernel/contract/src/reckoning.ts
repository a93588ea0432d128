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

function define(kind: TopicKind): EventDef<typeof reckoning> {
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
export const RECKONINGS: Readonly<Record<TopicKind, EventDef<typeof reckoning>>> = Object.freeze({
  records: define('records'),
  audit: define('audit'),
  reference: define('reference'),
});

export const RECKONING_TYPE = RECKONINGS.records.type;
