/** Every document the services' definitions make, by its path from the root. Pure: the same definitions, the same bytes. */

/**
 * @typedef {object} Definition what of a service its documents are made of
 * @property {string} name
 * @property {string} layer
 * @property {{ vi: string, en: string }} title
 * @property {readonly object[]} operations
 * @property {readonly { type: string, layer: string }[]} publishes
 * @property {readonly { event: { type: string, layer: string }, from: readonly string[] }[]} consumes
 */
/**
 * @typedef {object} Makers the documents' part of kernel/http
 * @property {(given: object) => object} openApiOf
 * @property {(given: object) => object} asyncApiOf
 * @property {(event: object) => object} eventSchemaOf
 * @property {(publishes: readonly object[], consumes: readonly object[]) => readonly { type: string, layer: string }[]} eventsTold
 */

/** The major of the API, as in its paths. What is added within it needs no number; the release is in what is served. */
const VERSION = '1';

/**
 * @param {readonly Definition[]} services
 * @param {Makers} make
 * @returns {Map<string, string>}
 */
export function documentsOf(services, make) {
  /** @type {Map<string, string>} */
  const documents = new Map();
  for (const { name: service, layer, title, operations, publishes, consumes } of services) {
    documents.set(`libs/contracts/${layer}/api/${service}.openapi.json`, text(make.openApiOf({ service, title, version: VERSION, operations })));
    documents.set(`libs/contracts/${layer}/api/${service}.asyncapi.json`, text(make.asyncApiOf({ service, title, version: VERSION, publishes, consumes })));
    for (const event of make.eventsTold(publishes, consumes)) documents.set(eventPath(event), text(make.eventSchemaOf(event)));
  }
  return documents;
}

/** @param {{ type: string, layer: string }} event */
function eventPath({ layer, type }) {
  return `libs/contracts/${layer}/events/${type}.schema.json`;
}

/** @param {object} document */
function text(document) {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Whether a path is one of ours: a committed document. @param {string} path */
export function isDocument(path) {
  return /^libs\/contracts\/[a-z]+\/(api\/[a-z-]+\.(openapi|asyncapi)\.json|events\/[a-z0-9.-]+\.schema\.json)$/.test(path);
}
