import { type z } from 'zod';
import { eachSchema, jsonSchemaOf, type Direction, type JsonSchema } from './openapi-schemas.js';

type Named = Map<string, JsonSchema>;

/**
 * The named schemas of one document. A name that is used in requests and in answers and means different things there
 * (closed and open, with and without what is defaulted) is `X` in answers and `XInput` in requests.
 */
export class Components {
  readonly #named: Record<Direction, Named> = { request: new Map(), answer: new Map(), event: new Map() };
  readonly #given: { schema: JsonSchema; direction: Direction; hold: JsonSchema }[] = [];

  /** Takes a schema in; what comes back is filled in by `finish`. */
  add(schema: z.ZodType, direction: Direction): JsonSchema {
    const json = jsonSchemaOf(schema, direction);
    for (const [name, inner] of Object.entries(json.$defs ?? {})) this.#take(name, inner, direction);
    delete json.$defs;
    const hold: JsonSchema = {};
    this.#given.push({ schema: json, direction, hold });
    return hold;
  }

  #take(name: string, schema: JsonSchema, direction: Direction): void {
    const named = this.#named[direction];
    const known = named.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new TypeError(`two schemas are named ${name}: give one another .meta({ id })`);
    }
    named.set(name, schema);
  }

  /** Fills in every schema given and answers the named ones, by name. */
  finish(): Record<string, JsonSchema> {
    const parted = this.#parted();
    const nameOf = (name: string, direction: Direction): string => (direction === 'request' && parted.has(name) ? `${name}Input` : name);
    const settle = (json: JsonSchema, direction: Direction): JsonSchema => {
      const settled = eachSchema(json, (inner) => settle(inner, direction));
      if (settled.$ref !== undefined) settled.$ref = `#/components/schemas/${nameOf(referred(settled.$ref), direction)}`;
      return settled;
    };
    for (const { schema, direction, hold } of this.#given) Object.assign(hold, settle(schema, direction));
    const all: Record<string, JsonSchema> = {};
    for (const direction of ['answer', 'request', 'event'] as const) {
      for (const [name, schema] of this.#named[direction]) all[nameOf(name, direction)] = settle(schema, direction);
    }
    return Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Names that mean different things in requests and answers, by themselves or by what they refer to. */
  #parted(): ReadonlySet<string> {
    const { request, answer } = this.#named;
    const both = [...request.keys()].filter((name) => answer.has(name));
    const parted = new Set(both.filter((name) => JSON.stringify(request.get(name)) !== JSON.stringify(answer.get(name))));
    for (let before = -1; before !== parted.size; ) {
      before = parted.size;
      for (const name of both) if (refsIn(request.get(name) ?? {}).some((ref) => parted.has(ref))) parted.add(name);
    }
    return parted;
  }
}

function referred(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function refsIn(json: JsonSchema): string[] {
  const found: string[] = json.$ref === undefined ? [] : [referred(json.$ref)];
  eachSchema(json, (inner) => {
    found.push(...refsIn(inner));
    return inner;
  });
  return found;
}
