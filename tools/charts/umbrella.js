/** The umbrella as the list of the house draws it: one dependency per service in the deck's order, one pod per layer beside. */

/** @typedef {{ name: string, layer: string, title: { vi: string, en: string } }} Service */

/** The pod that holds a whole layer, in the ward. @param {string} layer */
export const podOf = (layer) => `layer-${layer}`;

/**
 * Aliases in the deck's order, each with the tag that switches it.
 * @param {readonly { name: string }[]} layers
 * @param {readonly Service[]} services
 * @returns {{ alias: string, tag: string, title: string }[]}
 */
export function aliasesOf(layers, services) {
  const inLayer = layers.map(({ name }) => ({ name, services: services.filter(({ layer }) => layer === name) })).filter((one) => one.services.length > 0);
  return [
    ...inLayer.flatMap((one) => one.services.map(({ name, layer, title }) => ({ alias: name, tag: layer, title: title.vi }))),
    ...inLayer.map(({ name }) => ({ alias: podOf(name), tag: 'grouped', title: `cả lớp / the whole layer ${name}` })),
  ];
}

/**
 * @param {readonly { name: string }[]} layers
 * @param {readonly Service[]} services
 * @param {string} version
 */
export function chartOf(layers, services, version) {
  const dependencies = aliasesOf(layers, services).map(({ alias, tag, title }) =>
    [`  # ${title}`, '  - name: service', `    alias: ${alias}`, `    version: ${version}`, '    repository: file://../service', `    tags: [${tag}]`, `    condition: ${alias}.enabled`].join('\n'),
  );
  return `# Written by tools/charts/generate.js from tools/layers.js.
apiVersion: v2
name: quan-so
description: Quận Số, chính quyền số của một địa phương / the digital government of a local authority
type: application
version: ${version}
appVersion: ${version}
kubeVersion: ">=1.30.0-0"
dependencies:
${dependencies.join('\n')}
`;
}

/**
 * Every alias is named, so that a misspelt one fails, and what stands below it is what a service takes.
 * @param {readonly { name: string }[]} layers
 * @param {readonly Service[]} services
 * @param {any} serviceSchema of charts/service
 */
export function schemaOf(layers, services, serviceSchema) {
  const boolean = { type: 'boolean' };
  const tags = [...layers.map(({ name }) => name), 'grouped'];
  const schema = {
    $schema: serviceSchema.$schema,
    $comment: 'Written by tools/charts/generate.js from tools/layers.js and charts/service/values.schema.json.',
    title: 'charts/quan-so',
    type: 'object',
    additionalProperties: false,
    properties: {
      tags: { type: 'object', additionalProperties: false, properties: Object.fromEntries(tags.map((name) => [name, boolean])) },
      global: serviceSchema.properties.global,
      ...Object.fromEntries(aliasesOf(layers, services).map(({ alias }) => [alias, { $ref: '#/definitions/service' }])),
    },
    // Helm asks the schema of a service only where it runs; what is misspelt of one that is off would be found on the day it is on.
    definitions: { service: { type: 'object', additionalProperties: false, properties: { ...serviceSchema.properties, global: { type: 'object', additionalProperties: true } } }, ...serviceSchema.definitions },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
