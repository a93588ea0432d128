import { rowsOf, tableOf, unsaidIn, withTable } from './readme.js';
import { aliasesOf, chartOf, schemaOf } from './umbrella.js';

const VALUES = `# Prose of the file.
# -- How many
# of them
replicas: 1
image:
  # -- a | b
  tag: ""
plain: 2
# -- A whole block
block:
  inner:
    deep: 3
`;

describe('the table of values', () => {
  it('has what is said in comments, by path', () => {
    expect(rowsOf(VALUES)).toEqual([
      { path: 'replicas', said: 'How many of them', value: '1' },
      { path: 'image.tag', said: 'a | b', value: '""' },
      { path: 'block', said: 'A whole block', value: '' },
    ]);
  });
  it('escapes what a table would read as its own', () => expect(tableOf(rowsOf(VALUES))).toContain('| `image.tag` | `""` | a \\| b |'));
  it('finds a value that says nothing, and none below a block that does', () => expect(unsaidIn(VALUES)).toEqual(['plain']));
  it('goes between its marks and leaves the rest', () => {
    const readme = 'before\n<!-- values: node tools/charts/generate.js -->\nold\n<!-- /values -->\nafter\n';
    expect(withTable(withTable(readme, VALUES), '# -- One\na: 1\n')).toBe('before\n<!-- values: node tools/charts/generate.js -->\n\n| value | default | |\n| --- | --- | --- |\n| `a` | `1` | One |\n\n<!-- /values -->\nafter\n');
    expect(() => withTable('without', VALUES)).toThrow(/lacks/);
  });
});

describe('the umbrella', () => {
  const layers = [{ name: 'top' }, { name: 'empty' }, { name: 'ground' }];
  const services = [{ name: 'below', layer: 'ground', title: { vi: 'Dưới', en: 'Below' } }, { name: 'above', layer: 'top', title: { vi: 'Trên', en: 'Above' } }];
  it('has services in the order of the layers, then a pod for each layer that has some', () => {
    expect(aliasesOf(layers, services).map(({ alias, tag }) => [alias, tag])).toEqual([['above', 'top'], ['below', 'ground'], ['layer-top', 'grouped'], ['layer-ground', 'grouped']]);
  });
  it('depends on the one chart of a service, under each name', () => {
    const chart = chartOf(layers, services, '1.2.3');
    expect(chart.match(/- name: service/g)).toHaveLength(4);
    expect(chart).toContain('alias: above\n    version: 1.2.3\n    repository: file://../service\n    tags: [top]\n    condition: above.enabled');
  });
  it('knows every name and no other', () => {
    const schema = JSON.parse(schemaOf(layers, services, { $schema: 's', properties: { global: { a: 1 } }, definitions: {} }));
    expect([schema.additionalProperties, Object.keys(schema.properties)]).toEqual([false, ['tags', 'global', 'above', 'below', 'layer-top', 'layer-ground']]);
    expect(Object.keys(schema.properties.tags.properties)).toEqual(['top', 'empty', 'ground', 'grouped']);
  });
});
