/**
 * The golden corpus, pure: events as they were told in former years, `libs/contracts/<layer>/corpus/<type>/<name>.json`.
 * A type that is told and has none, an event that today's schema refuses, an optional member never seen present and
 * absent, an event that was changed afterwards: one sentence each.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** @typedef {{ type?: string | string[], properties?: Record<string, Schema>, required?: string[], items?: Schema, anyOf?: Schema[] }} Schema */
/** @typedef {{ data?: unknown, type?: unknown }} Envelope */

const PLACE = /^(libs\/contracts\/[a-z]+)\/corpus\/([a-z0-9.-]+)\/[a-z0-9-]+\.json$/;

/** @param {string} path */
export function isGolden(path) {
  return PLACE.test(path);
}

/**
 * @param {ReadonlyMap<string, string>} schemas of the events that are told now, by the path of the committed schema
 * @param {ReadonlyMap<string, string>} corpus texts by path
 * @param {(path: string) => readonly string[]} committed every committed version of a file
 * @returns {string[]}
 */
export function corpusSentences(schemas, corpus, committed) {
  const byType = Map.groupBy(corpus, ([path]) => schemaOf(path));
  const strange = [...byType].filter(([schema]) => !schemas.has(schema)).map(([, events]) => `${events[0]?.[0]}: không dịch vụ nào còn nói loại sự kiện này; lời đã nói vẫn phải đọc được. / no service tells this type any more; what was told must stay readable.`);
  const told = [...schemas].flatMap(([path, text]) => ofType(path, JSON.parse(text), byType.get(path) ?? []));
  const changed = [...corpus].filter(([path, text]) => committed(path).some((earlier) => earlier !== text)).map(([path]) => `${path}: sự kiện cũ đã bị sửa; giữ nguyên và thêm tệp khác. / an old event was changed; keep it and add another file.`);
  return [...told, ...strange, ...changed];
}

/** @param {string} path of an event */
function schemaOf(path) {
  const [, layer, type] = PLACE.exec(path) ?? [];
  return `${layer}/events/${type}.schema.json`;
}

/** @param {string} path @param {Schema} schema @param {readonly [string, string][]} events @returns {string[]} */
function ofType(path, schema, events) {
  if (events.length === 0) return [`${path}: loại sự kiện này chưa có sự kiện mẫu; thêm vào ${path.replace('/events/', '/corpus/').replace('.schema.json', '/')}. / this type of event has no golden event; add one.`];
  const read = events.map(([file, text]) => ({ file, envelope: /** @type {Envelope} */ (JSON.parse(text)) }));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv, { mode: 'full' });
  // Numbers of a length that JSON Schema leaves to each reader.
  for (const name of ['int32', 'int64']) ajv.addFormat(name, true);
  const fits = ajv.compile(schema);
  const type = path.split('/').at(-1)?.replace('.schema.json', '');
  const broken = read.flatMap(({ file, envelope }) => {
    if (envelope.type !== type) return [`${file}: không phải loại ${type}. / is not of type ${type}.`];
    if (fits(envelope.data)) return [];
    const [first] = fits.errors ?? [];
    return [`${file}: lược đồ hôm nay không còn nhận sự kiện cũ này (${first?.instancePath} ${first?.message}). / today’s schema refuses this old event.`];
  });
  const seen = seenIn(schema, read.map(({ envelope }) => envelope.data));
  return [...broken, ...seen.map((what) => `${path}: chưa có sự kiện mẫu nào mà ${what}. / there is no golden event in which ${what}.`)];
}

/**
 * What the events do not show: an optional member present and absent, a nullable one null and not null.
 * @param {Schema} schema @param {readonly unknown[]} values @param {string} [at] @returns {string[]}
 */
export function seenIn(schema, values, at = '') {
  const objects = values.filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value)).map((value) => /** @type {Record<string, unknown>} */ (value));
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const given = objects.filter((object) => Object.hasOwn(object, name));
    const isOptional = !(schema.required ?? []).includes(name) && objects.length > 0;
    return [
      ...(isOptional && given.length === 0 ? [`${at}/${name} is there`] : []),
      ...(isOptional && given.length === objects.length ? [`${at}/${name} is absent`] : []),
      ...seenIn(inner, given.map((object) => object[name]), `${at}/${name}`),
    ];
  });
  const lists = schema.items === undefined ? [] : seenIn(schema.items, values.flatMap((value) => (Array.isArray(value) ? value : [])), `${at}/*`);
  const isNullable = schema.anyOf?.some(({ type }) => type === 'null') === true && values.length > 0;
  const nulls = [
    ...(isNullable && !values.includes(null) ? [`${at} is null`] : []),
    ...(isNullable && values.every((value) => value === null) ? [`${at} is not null`] : []),
  ];
  return [...members, ...lists, ...nulls];
}
