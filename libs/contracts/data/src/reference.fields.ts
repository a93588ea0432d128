import { z } from 'zod';
import { date, line } from './fields.js';

/** Words in both languages with a length and an example of their own. */
export const words = (max: number, description: string, vi: string, en: string) =>
  z
    .strictObject({
      vi: line(max, 'Tiếng Việt. / Vietnamese.', vi),
      en: line(max, 'Tiếng Anh. / English.', en),
    })
    .meta({ description, examples: [{ vi, en }] });

export const kebab = (max: number, description: string, example: string): z.ZodString =>
  z
    .string()
    .max(max)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .meta({ description, examples: [example] });

export const channel = z.enum(['online', 'post', 'counter']).meta({ description: 'Kênh nộp. / Channel.', examples: ['counter'] });

/** Where a statement comes from and whether somebody has checked it: nothing here is a constant of the program. */
export const provenance = z
  .strictObject({
    basis: line(1000, 'Căn cứ pháp lý. / Legal basis.', 'Nghị định 175/2024/NĐ-CP'),
    source: line(1000, 'Nguồn đã xem. / Source that was read.', 'Cổng Dịch vụ công quốc gia, thủ tục 1.013225'),
    checkedOn: date('Ngày kiểm tra. / Day it was checked.', '2026-11-24'),
    verified: z.boolean().meta({ description: 'Đã kiểm chứng. / Verified.', examples: [true] }),
  })
  .meta({ id: 'Provenance', description: 'Căn cứ, nguồn, ngày kiểm tra. / Basis, source, day checked.' });

/** First and last day in force. */
export const validity = {
  validFrom: date('Ngày đầu có hiệu lực. / First day in force.'),
  validTo: date('Ngày cuối có hiệu lực; null: chưa có. / Last day in force; null: none known.').nullable(),
};
