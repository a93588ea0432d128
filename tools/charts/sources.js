/** Rules over the files of a chart, as plain functions: what a rendering cannot show. */

/**
 * What answers differently each time, or asks the cluster: such a chart renders another thing under GitOps than on a desk.
 * `required` is none of them.
 */
const UNSTEADY = /\{\{[^}]*\b(lookup|now|date|randAlphaNum|randAlpha|randNumeric|randAscii|randBytes|uuidv4|genPrivateKey|genCA|genSelfSignedCert|genSignedCert|htpasswd|bcrypt|getHostByName)\b[^}]*\}\}/g;

/** @param {string} text of a template @returns {string[]} functions that are used and must not be */
export function unsteadyIn(text) {
  const code = text.replace(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, '').replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...code.matchAll(UNSTEADY)].map(([, name = '']) => name);
}

/** @param {readonly string[]} templates paths below the chart @param {string} tests all its suites @returns {string[]} templates that no suite names */
export function untestedOf(templates, tests) {
  return templates.filter((path) => !/(^|\/)_|NOTES\.txt$/.test(path) && !tests.includes(path));
}

/**
 * Objects of a schema that take names nobody thought of.
 * @param {any} node @param {string} [path]
 * @returns {string[]}
 */
export function openIn(node, path = '') {
  if (node === null || typeof node !== 'object') return [];
  const open = node.type === 'object' && node.additionalProperties === undefined ? [path || '/'] : [];
  return [...open, ...Object.entries(node).flatMap(([key, value]) => openIn(value, `${path}/${key}`))];
}

/**
 * Values that may be set and are not in values.yaml, where people read what there is.
 * @param {any} schema @param {any} values @param {string} [path]
 * @returns {string[]}
 */
export function unwrittenOf(schema, values, path = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (!Object.hasOwn(values, key)) return [here];
    const value = values[key];
    // An empty one stands for all that it may hold.
    return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0 ? unwrittenOf(inner, value, here) : [];
  });
}

/**
 * Images in what was rendered against those that are made: the same names, each with the tag that its file says.
 * @param {readonly string[]} rendered
 * @param {string} registry
 * @param {Readonly<Record<string, string>>} tags of the file images.yaml
 * @param {readonly string[]} made names of the images that `npm run bundle` holds
 * @returns {string[]}
 */
export function imagesApart(rendered, registry, tags, made) {
  const due = made.map((name) => `${registry}/quan-so/${name}:${tags[name]}`);
  return [
    ...[...new Set(rendered)].filter((image) => !due.includes(image)).map((image) => `${image}: không có trong gói / is not in the bundle`),
    ...due.filter((image) => !rendered.includes(image)).map((image) => `${image}: không chart nào dùng / no chart uses it`),
  ];
}
