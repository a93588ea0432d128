import { type OperationDef } from '@quan-so/contract';
import { z } from 'zod';

/** How many items a page has when `limit` is not given, and at most. */
export const PAGE_LIMIT = { default: 50, most: 200 } as const;

/** A cursor: opaque, signed, bound to caller and filters; at most so many characters of base64url. */
export const CURSOR_LENGTH = 1_000;

/** Of each service one, so that its example is a path of that service: a list that every service has. */
const pageInfos = new Map<string, z.ZodObject>();

function pageInfoOf(service: string): z.ZodObject {
  const known = pageInfos.get(service);
  if (known !== undefined) return known;
  const next = z
    .string()
    .max(8_000)
    .regex(/^\/api\/[!-~]+$/)
    .meta({
      description: 'Đường dẫn của trang sau, trên cùng máy chủ, kèm bộ lọc và "cursor". / Path of the next page on the same host, with the filters and "cursor".',
      examples: [`/api/${service}/v1/operations/replays?limit=50&cursor=MDE5OTdlM2M.c2lnbmVk`],
    });
  const made = z
    .object({
      limit: z.int().min(1).max(PAGE_LIMIT.most).meta({ description: 'Số mục nhiều nhất của trang. / Items of the page at most.', examples: [50] }),
      next: next.optional(),
    })
    .meta({ id: 'PageInfo', description: 'Trang này; không có "next": trang cuối. / This page; without "next" it is the last.' });
  pageInfos.set(service, made);
  return made;
}

const asOf = z.iso
  .datetime({ offset: true })
  .max(35)
  .meta({ description: 'Mọi thay đổi tới lúc này đã có ở đây. / Every change up to this moment is in it.', examples: ['2026-11-24T09:00:00.000+07:00'] });

/** The body of every list: `{ items, page: { limit, next? } }`, and `asOf?` where the answer may lag behind. */
export function pageBody({ service, answer, eventual }: Pick<OperationDef, 'service' | 'answer' | 'eventual'>): z.ZodObject {
  const items = z.array(answer).max(PAGE_LIMIT.most).meta({ description: 'Các mục của trang. / The items of the page.' });
  return z.object({ items, page: pageInfoOf(service), ...(eventual ? { asOf: asOf.optional() } : {}) });
}

export interface PageBody<T> {
  readonly items: readonly T[];
  /** `next` is path and query of the next page. */
  readonly page: { readonly limit: number; readonly next?: string };
  readonly asOf?: string;
}
