import { type JsonSchema } from './openapi-schemas.js';

type Schemas = Readonly<Record<string, JsonSchema>>;

/**
 * A value that the schema takes, from the examples that the contract gives. Of a request the shortest that is taken
 * (people try it out as it stands), of an answer all of it.
 */
export function exampleOf(json: JsonSchema, named: Schemas, whole: boolean, depth = 0): unknown {
  const given = json.examples?.[0];
  if (given !== undefined && !isEmpty(given)) return given;
  if (json.const !== undefined) return json.const;
  if (json.enum !== undefined) return json.enum[0];
  if (json.$ref !== undefined) return exampleOf(named[json.$ref.slice(json.$ref.lastIndexOf('/') + 1)] ?? {}, named, whole, depth);
  if (json.properties !== undefined) return objectOf(json, named, whole, depth);
  const choice = (json.oneOf ?? json.anyOf)?.find((one) => one.type !== 'null');
  if (choice !== undefined) return exampleOf(choice, named, whole, depth);
  if (json.items !== undefined) return given !== undefined && depth > 6 ? given : [exampleOf(json.items, named, whole, depth + 1)];
  return given ?? plain(json);
}

function objectOf(json: JsonSchema, named: Schemas, whole: boolean, depth: number): Record<string, unknown> {
  const wanted = Object.entries(json.properties ?? {}).filter(([name]) => whole || (json.required ?? []).includes(name));
  return Object.fromEntries(wanted.map(([name, inner]) => [name, exampleOf(inner, named, whole, depth + 1)]));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function plain(json: JsonSchema): unknown {
  const type = Array.isArray(json.type) ? json.type[0] : json.type;
  if (type === 'integer' || type === 'number') return Math.max(json.minimum ?? 1, 1);
  if (type === 'boolean') return true;
  if (type === 'string') return 'x'.repeat(json.minLength ?? 1);
  return type === 'array' ? [] : {};
}
