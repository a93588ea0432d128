import { contracts, groups, kernel, layers, above, after, owners, pureKernel, rooms, services } from './layers.js';

describe('the list of rooms', () => {
  it('puts layers in the order of the deck', () => {
    expect(layers.map(({ name }) => name)).toEqual(['applications', 'platform', 'data', 'security']);
    expect(above('applications')).toEqual([]);
    expect(above('security')).toEqual(['applications', 'platform', 'data']);
  });
  it('puts pure kernel libraries before those that do something', () => {
    expect(kernel.slice(0, pureKernel.length)).toEqual(pureKernel);
    expect(after('service')).toEqual(['testing']);
  });
  it.each(services)('$name is in a layer that has said something, and its group is of that layer', ({ layer, group }) => {
    expect(contracts).toContain(layer);
    expect(group === undefined || groups.some((one) => one.name === group && one.layer === layer)).toBe(true);
  });
  it('names every room and package once, and owners that are there', () => {
    expect(new Set(rooms.map(({ path }) => path)).size).toBe(rooms.length);
    expect(new Set(rooms.map((room) => room.package)).size).toBe(rooms.length);
    expect(owners.every(({ library }) => kernel.includes(library))).toBe(true);
  });
  it('tags a room with its kind, layer and group', () => {
    expect(rooms.find(({ path }) => path === 'apps/applications/dossiers')).toEqual({
      path: 'apps/applications/dossiers',
      package: '@quan-so/dossiers',
      kind: 'service',
      tags: ['kind:service', 'layer:applications', 'group:dung-chung'],
    });
  });
});
