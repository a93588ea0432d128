import { z } from 'zod';

/*
 * What a text may hold. Control and invisible format characters (bidi overrides, zero-width, BOM) make two names look
 * alike or one line look like two, so they are refused, as are leading and trailing spaces.
 */
const LINE = /^[^\s\p{Cc}\p{Cf}\p{Co}\p{Cs}](?:[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]*[^\s\p{Cc}\p{Cf}\p{Co}\p{Cs}])?$/u;

/** One line of text, 1 to `max` UTF-16 units. */
export const line = (max: number, description: string, example: string): z.ZodString =>
  z.string().min(1).max(max).regex(LINE).meta({ description, examples: [example] });

/** An instant in answers and events: RFC 3339; answers write +07:00. */
export const instant = (description: string): z.ZodISODateTime =>
  z.iso.datetime({ offset: true }).max(35).meta({ description, examples: ['2026-11-24T09:00:00.000+07:00'] });

/** A civil date (giờ Việt Nam / Vietnam time). */
export const date = (description: string, example = '2026-07-01'): z.ZodISODate => z.iso.date().meta({ description, examples: [example] });

export const counted = (description: string, example = 1): z.ZodInt => z.int().min(0).max(2_147_483_647).meta({ description, examples: [example] });
export const versionNumber = (description: string): z.ZodInt => z.int().min(1).max(2_147_483_647).meta({ description, examples: [1] });

/** QĐ 20/2020/QĐ-TTg Điều 4–8: groups of A–Z 0–9 separated by dots, level 1 first, at most 35 characters. */
export const agencyCode = z
  .string()
  .max(35)
  .regex(/^[A-Y]\d{2}(\.[0-9A-Z]{1,3}){0,5}$/)
  .meta({ description: 'Mã định danh cơ quan (QĐ 20/2020/QĐ-TTg), cấp cao trước. / Agency code, highest level first.', examples: ['H99.05.01'] });

export const traceId = z
  .string()
  .max(32)
  .regex(/^[0-9a-f]{32}$/)
  .meta({ description: 'Vết của lệnh đã làm ra thay đổi này. / Trace of the command that made this change.', examples: ['4bf92f3577b34da6a3ce929d0e0e4736'] });

export const uuid = (description: string): z.ZodUUID => z.uuid().meta({ description, examples: ['01997e3c-8f00-7000-8000-000000000001'] });
