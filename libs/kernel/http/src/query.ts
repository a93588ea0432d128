import { Refusal, type Fault } from '@quan-so/contract';
import { z } from 'zod';
import { faultsOf, pointerTo } from './faults.js';
import { VALIDATION_FAILED } from './problems.js';

/** The parameters of a query string as they were sent, decoded, each once. */
export type RawQuery = Readonly<Record<string, string>>;

/**
 * Reads a query string strictly: every parameter once, UTF-8, no NUL, no lone surrogate; texts in form C.
 * `+` is a space, as in forms. Anything else is a Refusal VALIDATION_FAILED.
 */
export function parseQuery(url: string): RawQuery {
  const start = url.indexOf('?');
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  if (start === -1 || start === url.length - 1) return query;
  const faults: Fault[] = [];
  for (const pair of url.slice(start + 1).split('&')) {
    const equals = pair.indexOf('=');
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decoded(pair.slice(equals + 1));
    const pointer = pointerTo('/query', [name ?? '']);
    if (name === undefined || value === undefined) faults.push({ pointer, code: 'INVALID_TEXT', detail: NOT_TEXT });
    else if (name in query) faults.push({ pointer, code: 'REPEATED', detail: REPEATED });
    else query[name] = value;
  }
  if (faults.length > 0) throw new Refusal(VALIDATION_FAILED, { faults: faults.slice(0, 50) });
  return query;
}

const NOT_TEXT = { vi: 'Không phải văn bản UTF-8 mã hoá phần trăm, hoặc có ký tự NUL.', en: 'Not percent-encoded UTF-8 text, or it holds NUL.' };
const REPEATED = { vi: 'Tham số này lặp lại; nhiều giá trị thì cách nhau dấu phẩy.', en: 'This parameter is repeated; several values are parted by commas.' };

function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' ')).normalize('NFC');
    return value.includes('\0') ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Of an operation without parameters. A schema is compiled when it is first used: one a request would be the dearest part of it. */
const NOTHING = z.object({});

/**
 * Holds texts of a path or query against a schema. Numbers, booleans and comma-separated lists are read as the schema
 * names them; a text that is not exactly one stays a text and is refused, never bent into shape.
 */
export function takeTexts(schema: z.ZodObject | undefined, given: RawQuery, root: '/params' | '/query'): Record<string, unknown> {
  const shape = schema?.shape ?? {};
  const values = Object.fromEntries(Object.entries(given).map(([name, text]) => [name, Object.hasOwn(shape, name) ? readAs(shape[name] as z.ZodType, text) : text]));
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(shape, name));
  const read = (schema ?? NOTHING).safeParse(values);
  const faults: Fault[] = unknown.map((name) => ({ pointer: pointerTo(root, [name]), code: 'UNKNOWN_PARAMETER', detail: UNKNOWN }));
  if (!read.success) faults.push(...faultsOf(read.error, values, root).filter((fault) => fault.code !== 'UNKNOWN_FIELD'));
  if (faults.length > 0 || !read.success) throw new Refusal(VALIDATION_FAILED, { faults: faults.slice(0, 50) });
  return read.data;
}

const UNKNOWN = { vi: 'Không có tham số này.', en: 'There is no such parameter.' };

function readAs(schema: z.ZodType, text: string): unknown {
  const inner = unwrapped(schema);
  const { type } = inner.def;
  if (type === 'number') return /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'array') {
    const { element } = inner.def as unknown as { element: z.ZodType };
    return text.split(',').map((item) => readAs(element, item));
  }
  return text;
}

/** The schema under `optional`, `nullable`, `default` and their kin. */
function unwrapped(schema: z.ZodType): z.ZodType {
  const def = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? schema : unwrapped(inner);
}
