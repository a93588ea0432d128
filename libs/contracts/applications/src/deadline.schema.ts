import { z } from 'zod';
import { caseCode, givenInstant, instant, procedureCode, unitCode } from './fields.js';

const COUNTED_UNITS = ['working-days', 'calendar-days', 'months', 'working-hours'] as const;

const cutoff = z
  .strictObject({
    time: z
      .string()
      .max(5)
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .meta({ description: 'Giờ chốt, giờ Việt Nam; đúng giờ vẫn là kịp. / Cut-off, Vietnam time; on the minute is in time.', examples: ['15:00'] }),
    effect: z.literal('next-working-day').meta({ description: 'Sau giờ chốt: ngày làm việc tiếp theo. / After it: the next working day.', examples: ['next-working-day'] }),
  })
  .meta({ id: 'Cutoff', description: 'Giờ chốt trong ngày. / Cut-off of the day.', examples: [{ time: '15:00', effect: 'next-working-day' }] });

const termValue = z.int().min(1).max(3660).meta({ description: 'Số đơn vị. / How many.', examples: [3] });

const countedTerm = z
  .strictObject({
    unit: z.enum(COUNTED_UNITS).meta({ description: 'Đơn vị của thời hạn. / Unit of the term.', examples: ['working-days'] }),
    value: termValue,
    cutoff: cutoff.optional(),
  })
  .meta({ id: 'CountedTerm', description: 'Thời hạn có số. / A term that counts.', examples: [{ unit: 'working-days', value: 3 }] });

/** Clock hours run through nights: nothing is deemed received, so there is no cut-off. */
const clockTerm = z
  .strictObject({ unit: z.literal('clock-hours').meta({ description: 'Giờ đồng hồ. / Hours of the clock.', examples: ['clock-hours'] }), value: termValue })
  .meta({ id: 'ClockTerm', description: 'Thời hạn theo giờ đồng hồ, chạy cả đêm và ngày nghỉ. / Hours that run through nights and holidays.', examples: [{ unit: 'clock-hours', value: 12 }] });

const endOfDay = z
  .strictObject({
    unit: z.literal('end-of-day').meta({ description: 'Trong ngày. / The same day.', examples: ['end-of-day'] }),
    cutoff: cutoff.optional(),
  })
  .meta({ id: 'EndOfDayTerm', description: 'Trả trong ngày. / The same day.', examples: [{ unit: 'end-of-day', cutoff: { time: '15:00', effect: 'next-working-day' } }] });

/** A term as the law writes it: six units, of which `end-of-day` has no number. */
export const term = z.discriminatedUnion('unit', [countedTerm, clockTerm, endOfDay]).meta({ id: 'Term', description: 'Thời hạn như luật viết. / A term as the law writes it.', examples: [{ unit: 'working-days', value: 3 }] });

const pause = z
  .strictObject({
    from: givenInstant('Đồng hồ dừng từ. / The clock stands from.'),
    to: givenInstant('Đồng hồ chạy lại từ; bỏ trống: còn dừng. / Runs again from; absent: still standing.').optional(),
    effect: z.enum(['shift', 'restart']).meta({ description: 'Dời hạn hay tính lại từ đầu. / Shift, or count anew.', examples: ['shift'] }),
  })
  .meta({ id: 'PauseGiven', description: 'Một lần tạm dừng. / One pause.' });

export const previewDeadline = z
  .strictObject({
    procedure: procedureCode.optional(),
    case: caseCode.optional(),
    channel: z.enum(['counter', 'online', 'post']).default('counter').meta({ description: 'Kênh nộp. / Channel.', examples: ['counter'] }),
    term: term.optional(),
    unit: unitCode.optional().meta({ description: 'Đơn vị có lịch làm việc; bỏ trống: lịch của đơn vị người gọi. / Unit whose calendar counts; absent: the caller’s.', examples: ['H99.05.01'] }),
    receivedAt: givenInstant('Lúc tiếp nhận. / When it is received.'),
    pauses: z.array(pause).max(20).default([]).meta({ description: 'Các lần tạm dừng, theo thứ tự. / Pauses in order.', examples: [[]] }),
  })
  .refine((asked) => (asked.procedure === undefined) !== (asked.term === undefined), { message: 'procedure | term', path: ['procedure'] })
  .refine((asked) => (asked.procedure === undefined) === (asked.case === undefined), { message: 'procedure & case', path: ['case'] })
  .meta({
    id: 'PreviewDeadline',
    description: 'Hỏi hạn cho một thủ tục (kèm trường hợp) hoặc một thời hạn trần. / Ask for a procedure with its case, or for a bare term.',
    examples: [{ procedure: '1.013225', case: 'separate-house', channel: 'counter', receivedAt: '2026-10-05T09:00:00+07:00' }],
  });

export const deadlinePreview = z
  .object({
    term,
    dueAt: instant('Hạn. / Due.').nullable(),
    pausedSince: instant('Còn dừng từ: chưa có hạn mới. / Still paused: no new date yet.').nullable(),
    provisional: z.boolean().meta({ description: 'Còn chờ công bố ngày nghỉ: hạn có thể đổi. / Days off are not announced that far: the date may change.', examples: [false] }),
    unconfirmed: z
      .array(z.iso.date().meta({ description: 'Ngày. / Day.', examples: ['2026-11-24'] }))
      .max(4000)
      .meta({ description: 'Ngày nghỉ đã tính nhưng chưa thấy văn bản. / Days counted as off whose act has not been seen.', examples: [[]] }),
    working: z
      .array(z.string().max(300).meta({ description: 'Một dòng diễn giải. / One line.', examples: ['2026-10-05 ngày 0'] }))
      .max(4000)
      .meta({ description: 'Diễn giải từng bước. / The working, step by step.', examples: [[]] }),
    calendar: z.object({ code: z.string().max(60).meta({ description: 'Mã lịch. / Calendar.', examples: ['H99'] }), version: z.int().min(1).max(2_147_483_647).meta({ description: 'Phiên bản. / Version.', examples: [1] }) }).meta({ id: 'PreviewCalendar', description: 'Lịch đã dùng. / Calendar used.' }),
  })
  .meta({ id: 'DeadlinePreview', description: 'Hạn và cách tính. / The deadline and how it was reached.' });
export type DeadlinePreviewView = z.output<typeof deadlinePreview>;
