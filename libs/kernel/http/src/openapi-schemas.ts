import { z } from 'zod';

/** JSON Schema 2020-12, as far as this library looks into it. */
export interface JsonSchema {
  type?: string | string[];
  $ref?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $defs?: Record<string, JsonSchema>;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
}

/** Which way a value goes: into the service, out of it, or as an event into whoever hears it. */
export type Direction = 'request' | 'answer' | 'event';

/** Any JSON: what another contract owns. */
const ANY_JSON = { description: 'JSON bất kỳ. / Any JSON.' };

/** Lengths that a format has by itself. */
const FORMAT_LENGTHS: Readonly<Record<string, number>> = { uuid: 36, date: 10, 'date-time': 35, email: 254, uri: 2_000, 'uri-reference': 2_000 };
/** zod writes a long pattern beside these formats; the format says the same and can be read. */
const SAID_BY_FORMAT: ReadonlySet<string> = new Set(['uuid', 'date', 'date-time']);
/** Checks that zod names as if they were formats. */
const NOT_FORMATS: ReadonlySet<string> = new Set(['starts_with', 'ends_with', 'includes', 'regex']);
/** True of every text here: NUL is refused on the way in and cannot be stored. */
const NO_NUL = '^[^\\u0000]*$';
/**
 * Unicode classes as ranges of the basic plane: half of the tools that read patterns do so without Unicode mode, where
 * `\\p{Cc}` means five letters. What lies beyond that plane is left to the service.
 */
const UNICODE_CLASSES: Readonly<Record<string, string>> = {
  Cc: '\\u0000-\\u001f\\u007f-\\u009f',
  Cf: '\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb',
  Co: '\\ue000-\\uf8ff',
  Cs: '',
  Zl: '\\u2028',
  Zp: '\\u2029',
  L: 'A-Za-z\\u00aa-\\uffff',
  N: '0-9',
};
const INT32 = 2_147_483_647;

/**
 * The JSON Schema of a zod schema, with the schemas it names (`.meta({ id })`) under `$defs`.
 * Of a request: what may be sent. Of an answer: what is sent, open to properties that come later. Of an event: what a
 * reader takes.
 */
export function jsonSchemaOf(schema: z.ZodType, direction: Direction): JsonSchema {
  const json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: direction === 'answer' ? 'output' : 'input',
    // `allOf` and `format` are what zod makes of an instant that has one more rule beside its own.
    override: ({ zodSchema, jsonSchema }) => {
      const def = zodSchema._zod.def as { type: string; format?: string };
      if (NOT_FORMATS.has(jsonSchema.format ?? '')) delete jsonSchema.format;
      if (def.type === 'string' && def.format === 'datetime') jsonSchema.format = 'date-time';
      if (def.type === 'string' && def.format === 'date') jsonSchema.format = 'date';
    },
  }) as JsonSchema & { $schema?: string };
  delete json.$schema;
  return tidy(json, direction, anyJsonNames(json));
}

/** zod calls schemas without a name that contain themselves `__schema0` …; ours is JSON itself. */
function anyJsonNames(json: JsonSchema): ReadonlySet<string> {
  const unnamed = Object.keys(json.$defs ?? {}).filter((name) => name.startsWith('__schema'));
  for (const name of unnamed) {
    if (json.$defs?.[name]?.anyOf?.length !== 6) throw new TypeError('a schema that contains itself needs a name: .meta({ id })');
  }
  return new Set(unnamed.map((name) => `#/$defs/${name}`));
}

/** Says what is true of every schema here and what readers and linters want said; leaves the rest as it is. */
function tidy(json: JsonSchema, direction: Direction, anyJson: ReadonlySet<string>): JsonSchema {
  if (json.$ref !== undefined && anyJson.has(json.$ref)) return { ...ANY_JSON };
  const tidied: JsonSchema = eachSchema(json, (inner) => tidy(inner, direction, anyJson));
  if (tidied.$defs !== undefined) {
    tidied.$defs = Object.fromEntries(Object.entries(tidied.$defs).filter(([name]) => !anyJson.has(`#/$defs/${name}`)));
  }
  if (direction === 'answer' && tidied.additionalProperties === false) delete tidied.additionalProperties;
  if (tidied.pattern !== undefined) tidied.pattern = tidied.pattern.replaceAll(/\\p\{(\w+)\}/g, (_, name: string) => UNICODE_CLASSES[name] ?? '');
  if (has(tidied, 'string')) tidyString(tidied);
  if (has(tidied, 'integer')) {
    const wide = Math.max(Math.abs(tidied.minimum ?? -Infinity), Math.abs(tidied.maximum ?? Infinity)) > INT32;
    tidied.format = wide ? 'int64' : 'int32';
  }
  return tidied;
}

function tidyString(json: JsonSchema): void {
  if (json.enum !== undefined || json.const !== undefined) return;
  const bound = FORMAT_LENGTHS[json.format ?? ''];
  if (json.maxLength === undefined && bound !== undefined) json.maxLength = bound;
  // Two or more patterns come as `allOf`, the first of them the format's own where there is one.
  const patterns = [json.pattern, ...(json.allOf ?? []).map((one) => one.pattern)].filter((one) => one !== undefined);
  if (SAID_BY_FORMAT.has(json.format ?? '')) patterns.shift();
  else if (patterns.length === 0 && json.format === undefined) patterns.push(NO_NUL);
  delete json.pattern;
  delete json.allOf;
  const [first, ...more] = patterns;
  if (first !== undefined) json.pattern = first;
  if (more.length > 0) json.allOf = more.map((pattern) => ({ pattern }));
}

function has(json: JsonSchema, type: string): boolean {
  return json.type === type || (Array.isArray(json.type) && json.type.includes(type));
}

/** The same schema with every schema directly in it replaced; examples and defaults are data and stay. */
export function eachSchema(json: JsonSchema, replace: (inner: JsonSchema) => JsonSchema): JsonSchema {
  const copy: JsonSchema = { ...json };
  for (const key of ['properties', '$defs'] as const) {
    const inner = json[key];
    if (inner !== undefined) copy[key] = Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, replace(one)]));
  }
  for (const key of ['items', 'propertyNames'] as const) {
    const inner = json[key];
    if (inner !== undefined) copy[key] = replace(inner);
  }
  for (const key of ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const) {
    const inner = json[key];
    if (inner !== undefined) copy[key] = inner.map(replace);
  }
  if (typeof json.additionalProperties === 'object') copy.additionalProperties = replace(json.additionalProperties);
  return copy;
}
