/**
 * Whether one JSON Schema (2020-12, as kernel/http writes it) keeps the promises of an earlier one. `refused` compares
 * what is taken (requests, events): the later schema must take everything the earlier one took. `broken` compares what is
 * given (answers): the later one may give more properties and more values of a list, never less or of another type.
 * Both answer plain phrases with the place; an empty list is compatible. What cannot be judged is told, not passed over.
 */

/** @typedef {Record<string, any>} Schema */
/** @typedef {{ schema: Schema, root: Schema }} At a schema in its document */

const UPPER = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties'];
const LOWER = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'];
const SAME = ['pattern', 'format', 'multipleOf', 'uniqueItems', 'not'];

/** @param {Schema} document @param {Schema} schema @returns {At} */
export function at(document, schema) {
  return { schema, root: document };
}

/** What the earlier schema took and the later one refuses. @param {At} before @param {At} after @param {string} [place] @returns {string[]} */
export function refused(before, after, place = '', seen = new Set()) {
  const [old, now] = [resolve(before), resolve(after)];
  if (metBefore(old, now, seen)) return [];
  const [alternatives, choices] = [alternativesOf(old), alternativesOf(now)];
  if (alternatives.length > 1 || choices.length > 1) {
    return alternatives.flatMap((one) => fewest(choices.map((choice) => refused(one, choice, place, new Set(seen)))));
  }
  const [o, n] = [old.schema, now.schema];
  const gone = [
    ...typesGone(o, n).map((type) => `${place}: ${type} is no longer taken`),
    ...valuesGone(o, n).map((value) => `${place}: ${value} is no longer taken`),
  ];
  // Values that were listed are held against the list alone; bounds that come with a wider schema do not narrow them.
  if (valuesOf(o) !== undefined) return gone;
  return [
    ...gone,
    ...UPPER.filter((key) => n[key] !== undefined && !(o[key] <= n[key])).map((key) => `${place}: ${key} ${o[key] ?? 'none'} became ${n[key]}`),
    ...LOWER.filter((key) => n[key] !== undefined && n[key] > 0 && !(o[key] >= n[key])).map((key) => `${place}: ${key} ${o[key] ?? 'none'} became ${n[key]}`),
    ...SAME.filter((key) => n[key] !== undefined && differ(o[key], n[key])).map((key) => `${place}: ${key} ${o[key] ? 'changed' : 'was added'}`),
    ...refusedPatterns(o, n).map((pattern) => `${place}: pattern ${pattern} was added`),
    ...refusedInObject(old, now, place, seen),
    ...refusedInside('items', old, now, `${place}/*`, seen),
  ];
}

/** @param {At} old @param {At} now @param {string} place @param {Set<string>} seen @returns {string[]} */
function refusedInObject(old, now, place, seen) {
  const [o, n] = [old.schema, now.schema];
  const [had, has] = [o.properties ?? {}, n.properties ?? {}];
  return [
    ...(n.required ?? []).filter((/** @type {string} */ name) => !(o.required ?? []).includes(name)).map((/** @type {string} */ name) => `${place}/${name}: it is now required`),
    ...Object.keys(had).filter((name) => !(name in has)).map((name) => `${place}/${name}: it is gone`),
    ...Object.keys(had).filter((name) => name in has).flatMap((name) => refused(inside(old, had[name]), inside(now, has[name]), `${place}/${name}`, seen)),
    ...(n.additionalProperties === false && o.additionalProperties !== false && (o.properties || o.type === 'object') ? [`${place}: further properties are no longer taken`] : []),
    ...refusedInside('additionalProperties', old, now, `${place}/*`, seen),
    ...refusedInside('propertyNames', old, now, `${place} names`, seen),
  ];
}

/** @param {string} key @param {At} old @param {At} now @param {string} place @param {Set<string>} seen */
function refusedInside(key, old, now, place, seen) {
  const later = now.schema[key];
  if (typeof later !== 'object') return [];
  const earlier = old.schema[key];
  return refused(inside(old, typeof earlier === 'object' ? earlier : {}), inside(now, later), place, seen);
}

/** What the earlier schema promised to give and the later one does not. @param {At} before @param {At} after @param {string} [place] @returns {string[]} */
export function broken(before, after, place = '', seen = new Set()) {
  const [old, now] = [resolve(before), resolve(after)];
  if (metBefore(old, now, seen)) return [];
  const [alternatives, choices] = [alternativesOf(old), alternativesOf(now)];
  if (alternatives.length > 1 || choices.length > 1) {
    return choices.flatMap((one) => fewest(alternatives.map((known) => broken(known, one, place, new Set(seen)))));
  }
  const [o, n] = [old.schema, now.schema];
  const [had, has] = [o.properties ?? {}, n.properties ?? {}];
  return [
    ...typesGone(n, o).map((type) => `${place}: it may now be ${type}`),
    ...(o.const !== undefined && differ(o.const, n.const) ? [`${place}: ${JSON.stringify(o.const)} changed`] : []),
    ...(o.format !== undefined && !o.format.startsWith('int') && differ(o.format, n.format) ? [`${place}: format ${o.format} changed`] : []),
    ...Object.keys(had).filter((name) => !(name in has)).map((name) => `${place}/${name}: it is gone`),
    ...(o.required ?? []).filter((/** @type {string} */ name) => name in has && !(n.required ?? []).includes(name)).map((/** @type {string} */ name) => `${place}/${name}: it is no longer always there`),
    ...Object.keys(had).filter((name) => name in has).flatMap((name) => broken(inside(old, had[name]), inside(now, has[name]), `${place}/${name}`, seen)),
    ...['items', 'additionalProperties'].flatMap((key) => (typeof o[key] === 'object' && typeof n[key] === 'object' ? broken(inside(old, o[key]), inside(now, n[key]), `${place}/*`, seen) : [])),
  ];
}

/** @param {At} where @param {Schema} schema @returns {At} */
function inside({ root }, schema) {
  return { schema, root };
}

/** Follows references; what stands beside one (description, examples) says nothing about values. @param {At} where @returns {At} */
function resolve({ schema, root }) {
  if (schema.$ref === undefined) return { schema, root };
  const found = schema.$ref.slice(2).split('/').reduce((/** @type {any} */ here, /** @type {string} */ step) => here?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], root);
  if (found === undefined) throw new Error(`nothing at ${schema.$ref}`);
  return resolve({ schema: found, root });
}

/** A schema that contains itself is compared once. @param {At} old @param {At} now @param {Set<string>} seen */
function metBefore(old, now, seen) {
  const key = `${idOf(old.schema)} ${idOf(now.schema)}`;
  if (seen.has(key)) return true;
  seen.add(key);
  return false;
}
/** @type {WeakMap<Schema, number>} */
const ids = new WeakMap();
let lastId = 0;
/** @param {Schema} schema */
function idOf(schema) {
  const id = ids.get(schema) ?? (lastId += 1);
  ids.set(schema, id);
  return id;
}

/** The members of a union, of unions in it, and of a list of types. @param {At} where @returns {At[]} */
function alternativesOf(where) {
  const { schema, root } = where;
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.flatMap((/** @type {Schema} */ one) => alternativesOf(resolve({ schema: one, root })));
  if (Array.isArray(schema.type)) return schema.type.map((/** @type {string} */ type) => ({ schema: { ...schema, type }, root }));
  return [where];
}

/** @param {string[][]} lists */
function fewest(lists) {
  return lists.reduce((best, list) => (list.length < best.length ? list : best), lists[0] ?? []);
}

/** @param {Schema} o @param {Schema} n @returns {string[]} */
function typesGone(o, n) {
  const now = typeOf(n);
  const before = typeOf(o);
  if (now === undefined || now === before || (now === 'number' && before === 'integer')) return [];
  return [before ?? 'any type'];
}

/** @param {Schema} schema @returns {string | undefined} */
function typeOf(schema) {
  return schema.type ?? (schema.properties ? 'object' : schema.const === undefined ? undefined : schema.const === null ? 'null' : typeof schema.const);
}

/** @param {Schema} o @param {Schema} n @returns {string[]} */
function valuesGone(o, n) {
  const now = valuesOf(n);
  if (now === undefined) return [];
  const before = valuesOf(o);
  if (before === undefined) return ['a value outside the list'];
  return before.filter((value) => !now.includes(value));
}

/** @param {Schema} schema @returns {string[] | undefined} */
function valuesOf(schema) {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  return schema.enum?.map((/** @type {unknown} */ value) => JSON.stringify(value));
}

/** @param {Schema} o @param {Schema} n @returns {string[]} */
function refusedPatterns(o, n) {
  const known = new Set([o.pattern, ...(o.allOf ?? []).map((/** @type {Schema} */ one) => one.pattern)]);
  return (n.allOf ?? []).flatMap((/** @type {Schema} */ one) => (one.pattern === undefined || known.has(one.pattern) ? [] : [one.pattern]));
}

/** @param {unknown} a @param {unknown} b */
function differ(a, b) {
  return JSON.stringify(a) !== JSON.stringify(b);
}
