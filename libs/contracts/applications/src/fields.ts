import { agencyCode, line } from '@quan-so/contracts-data';
import { z } from 'zod';

export { agencyCode as unitCode, line };

/** As `line` of the data layer, with line breaks (LF): no invisible characters, no space at either end. */
const PARAGRAPH = /^[^\s\p{Cc}\p{Cf}\p{Co}\p{Cs}](?:(?:\n|[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}])*[^\s\p{Cc}\p{Cf}\p{Co}\p{Cs}])?$/u;

/** Text that may have line breaks (LF). */
export const paragraph = (max: number, description: string, example: string): z.ZodString =>
  z.string().min(1).max(max).regex(PARAGRAPH).meta({ description, examples: [example] });

/** An instant in answers: RFC 3339, always written with +07:00. */
export const instant = (description: string): z.ZodISODateTime =>
  z.iso.datetime({ offset: true }).max(35).meta({ description, examples: ['2026-10-19T17:00:00.000+07:00'] });

/** Nine digits of a second at most; `-00:00` says that the offset is not known (RFC 3339, 4.3); PostgreSQL ends at 15:59. */
const READABLE = /:\d{2}(?:\.\d{1,9})?(?:Z|(?!-00:00)[+-](?:0\d|1[0-5]):\d{2})$/;

/** An instant in requests: RFC 3339 with an offset, years 2000 to 2099. */
export const givenInstant = (description: string): z.ZodISODateTime =>
  z.iso.datetime({ offset: true }).max(35).startsWith('20').refine((text) => READABLE.test(text)).meta({ description, examples: ['2026-10-05T09:00:00+07:00'] });

export const procedureCode = z
  .string()
  .max(40)
  .regex(/^\d\.\d{6}$/)
  .meta({ description: 'Mã thủ tục hành chính. / Code of the administrative procedure.', examples: ['1.013225'] });

export const caseCode = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ description: 'Trường hợp của thủ tục. / Case of the procedure.', examples: ['separate-house'] });

export const dossierCode = z
  .string()
  .max(60)
  .regex(/^[A-Z0-9]+([.\-/][A-Z0-9]+)*$/)
  .meta({
    description: 'Mã hồ sơ; mã do hệ thống khác cấp được giữ nguyên. / Dossier code; a code given by another system is kept.',
    examples: ['H99.05.01-261005-0001'],
  });

/** Twelve digits that begin as personal numbers do, in one run or in groups of three, wherever they stand. */
const PERSONAL_NUMBER = /(?<!\d)(?:0\d{2}|999)(?:\d{9}|(?:[.\-/]\d{3}){3})(?!\d)/;

/** A code given by another system; one that holds what looks like a personal number would carry it into paths and logs. */
export const givenDossierCode = dossierCode.regex(/^(?!(?:.*[.\-/])?(?:0\d{2}|999)\d{9}(?:[.\-/]|$))/).refine((code) => !PERSONAL_NUMBER.test(code)).meta({
  description: 'Mã hồ sơ do hệ thống gửi cấp, được giữ nguyên; không được chứa số định danh. / Code given by the sending system, kept; without a personal number in it.',
  examples: ['G12.05-261005-000123'],
});

export const resultCode = z
  .string()
  .max(20)
  .regex(/^KQ\.[A-Z]\d{2}\.\d{6}$/)
  .meta({ description: 'Mã kết quả. / Result code.', examples: ['KQ.G17.000311'] });

export const username = z
  .string()
  .max(100)
  .regex(/^(?!\d{12}$)[a-z0-9]+([.-][a-z0-9]+)*$/)
  .meta({ description: 'Tên tài khoản; không phải số định danh. / Account name; not a personal number.', examples: ['specialist'] });

/** Vietnamese and English words of a code list entry. */
export const words = z
  .object({
    vi: z.string().max(1000).meta({ description: 'Tiếng Việt. / Vietnamese.', examples: ['Đang xử lý'] }),
    en: z.string().max(1000).meta({ description: 'Tiếng Anh. / English.', examples: ['Processing'] }),
  })
  .meta({ id: 'Words', description: 'Chữ hai ngôn ngữ. / Words in two languages.', examples: [{ vi: 'Đang xử lý', en: 'Processing' }] });
