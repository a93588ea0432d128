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

export type Direction = 'request' | 'answer';

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
const INT32 = 2_147_483_647;

/**
 * The JSON Schema of a zod schema, with the schemas it names (`.meta({ id })`) under `$defs`.
 * Of a request: what may be sent. Of an answer: what is sent, open to properties that come later.
 */
export function jsonSchemaOf(schema: z.ZodType, direction: Direction): JsonSchema {
  const json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: direction === 'request' ? 'input' : 'output',
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
  if (SAID_BY_FORMAT.has(json.format ?? '')) {
    delete json.pattern;
    const own = (json.allOf ?? []).slice(1);
    delete json.allOf;
    if (own.length === 1 && own[0]?.pattern !== undefined) json.pattern = own[0].pattern;
    else if (own.length > 0) json.allOf = own;
  } else if (json.format === undefined && json.pattern === undefined && json.allOf === undefined) json.pattern = NO_NUL;
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
