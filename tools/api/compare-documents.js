/** Whether a document of today keeps the promises of an earlier one. Each breach is a phrase with its place. */
import { at, broken, refused } from './compare-schemas.js';

/** @typedef {Record<string, any>} Json */

/**
 * @param {string} path of the document
 * @param {Json} before
 * @param {Json} after
 * @returns {string[]}
 */
export function breaches(path, before, after) {
  if (path.endsWith('.schema.json')) return refused(at(before, before), at(after, after)).map((phrase) => `data${phrase}`);
  if (path.endsWith('.openapi.json')) return apiBreaches(before, after);
  return channelBreaches(before, after);
}

/** @param {Json} before @param {Json} after */
function apiBreaches(before, after) {
  return Object.entries(before.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, old]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (now === undefined) return [`${name}: the operation is gone`];
      return operationBreaches({ root: before, of: old }, { root: after, of: now }).map((phrase) => `${name}: ${phrase}`);
    }),
  );
}

/** @typedef {{ root: Json, of: Json }} Place */

/** @param {Place} old @param {Place} now @returns {string[]} */
function operationBreaches(old, now) {
  return [
    ...(old.of.operationId === now.of.operationId ? [] : [`operationId ${old.of.operationId} became ${now.of.operationId}`]),
    ...(isOpen(old.of) && !isOpen(now.of) ? ['it was public and now asks for a token'] : []),
    ...(old.of['x-consistency'] === 'strong' && now.of['x-consistency'] !== 'strong' ? ['its answer may now lag behind'] : []),
    ...parameterBreaches(old, now),
    ...bodyBreaches(old, now),
    ...answerBreaches(old, now),
  ];
}

/** @param {Json} operation */
function isOpen(operation) {
  return (operation.security ?? []).some((/** @type {Json} */ one) => Object.keys(one).length === 0);
}

/** @param {Place} old @param {Place} now @returns {string[]} */
function parameterBreaches(old, now) {
  const [had, has] = [parametersOf(old), parametersOf(now)];
  return [
    ...[...has].filter(([name, one]) => one.required && !had.get(name)?.required).map(([name]) => `${name}: it is now required`),
    ...[...had.keys()].filter((name) => !has.has(name)).map((name) => `${name}: it is gone`),
    ...[...had].flatMap(([name, one]) => {
      const later = has.get(name);
      return later === undefined ? [] : refused(at(old.root, one.schema), at(now.root, later.schema)).map((phrase) => `${name}${phrase}`);
    }),
  ];
}

/** @param {Place} place @returns {Map<string, Json>} */
function parametersOf({ root, of }) {
  return new Map((of.parameters ?? []).map((/** @type {Json} */ given) => follow(root, given)).map((/** @type {Json} */ one) => [`${one.in} ${one.name}`, one]));
}

/** @param {Place} old @param {Place} now @returns {string[]} */
function bodyBreaches(old, now) {
  const [before, after] = [bodySchema(old.of.requestBody), bodySchema(now.of.requestBody)];
  if (before === undefined) return now.of.requestBody?.required ? ['request: a body is now required'] : [];
  if (after === undefined) return ['request: a body is no longer taken'];
  return refused(at(old.root, before), at(now.root, after)).map((phrase) => `request${phrase}`);
}

/** @param {Place} old @param {Place} now @returns {string[]} */
function answerBreaches(old, now) {
  return Object.entries(old.of.responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, given]) => {
      if (now.of.responses[status] === undefined) return [`${status}: it is no longer answered`];
      const [before, after] = [follow(old.root, given), follow(now.root, now.of.responses[status])];
      const headers = Object.keys(before.headers ?? {}).filter((name) => !(name in (after.headers ?? {})));
      const [had, has] = [bodySchema(before), bodySchema(after)];
      if (had === undefined || has === undefined) return had === has ? [] : [`${status}: its body is gone`];
      return [
        ...headers.map((name) => `${status}: header ${name} is gone`),
        ...broken(at(old.root, had), at(now.root, has)).map((phrase) => `${status}${phrase}`),
      ];
    });
}

/** @param {Json | undefined} body @returns {Json | undefined} */
function bodySchema(body) {
  return body?.content?.['application/json']?.schema;
}

/** @param {Json} root @param {Json} given @returns {Json} */
function follow(root, given) {
  return given.$ref === undefined ? given : given.$ref.slice(2).split('/').reduce((/** @type {any} */ here, /** @type {string} */ step) => here[step], root);
}

/** What is told may not fall silent or move; what is heard is the service's own matter. @param {Json} before @param {Json} after */
function channelBreaches(before, after) {
  const sends = Object.entries(before.operations).filter(([, { action }]) => action === 'send');
  return [
    ...sends.filter(([name]) => after.operations[name] === undefined).map(([name]) => `${name}: it is no longer told`),
    ...Object.entries(before.channels)
      .filter(([name, channel]) => after.channels[name] !== undefined && partitions(channel) !== partitions(after.channels[name]))
      .map(([name, channel]) => `${name}: ${partitions(channel)} shards became ${partitions(after.channels[name])}`),
  ];
}

/** @param {Json} channel @returns {number | undefined} */
function partitions(channel) {
  return channel.bindings?.kafka?.partitions;
}
