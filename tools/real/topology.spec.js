import { SHARDS } from '@quan-so/contract';
import { topologyOf } from './topology.js';

const event = (kind) => ({ kind });
const catalog = { name: 'catalog', layer: 'data', publishes: [event('reference'), event('reference')], consumes: [] };
const warehouse = { name: 'warehouse', layer: 'data', publishes: [], consumes: [{ event: event('records'), from: ['dossiers'] }] };
const dossiers = { name: 'dossiers', layer: 'applications', publishes: [event('records')], consumes: [{ event: event('reference'), from: ['catalog'] }] };

describe('topologyOf', () => {
  const { users, topics, acls } = topologyOf([catalog, warehouse, dossiers], SHARDS);
  const holders = (operation, topic) => acls.filter((acl) => acl.on === 'topic' && acl.operation === operation && acl.name === topic).map((acl) => acl.user);

  it('has a user per service', () => expect(users).toEqual(['catalog', 'warehouse', 'dossiers']));
  it('has the topics that services write, each once', () => {
    expect(topics.map(({ name }) => name)).toEqual(['audit.catalog', 'audit.dossiers', 'audit.warehouse', 'missing.dossiers', 'missing.warehouse', 'records.dossiers', 'reference.catalog']);
  });
  it('has a partition per shard; reference data has one, so that a beat comes after what was told before it', () => {
    expect(Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions]))).toEqual({
      'audit.catalog': 4, 'audit.dossiers': 4, 'audit.warehouse': 4, 'missing.dossiers': 1, 'missing.warehouse': 1, 'records.dossiers': 4, 'reference.catalog': 1,
    });
  });
  it('keeps events fourteen days at most: a segment goes when its youngest record is old enough', () => {
    for (const { config } of topics) expect(Number(config['retention.ms']) + Number(config['segment.ms'])).toBe(14 * 24 * 3_600 * 1_000);
  });
  it('gives every topic one writer', () => {
    for (const { name } of topics) expect(holders('Write', name)).toEqual([name.split('.')[1]]);
  });
  it('lets those read who consume', () => {
    expect([holders('Read', 'records.dossiers'), holders('Read', 'reference.catalog'), holders('Read', 'audit.dossiers')]).toEqual([['warehouse'], ['dossiers'], []]);
  });
  it('lets those who tell read what is missing where they are heard, and tells them who that is', () => {
    expect([holders('Read', 'missing.dossiers'), holders('Read', 'missing.warehouse')]).toEqual([['catalog'], ['dossiers']]);
    expect(topologyOf([catalog, warehouse, dossiers], SHARDS).heardBy).toEqual({ catalog: ['dossiers'], warehouse: [], dossiers: ['warehouse'] });
  });
  it('lets a service join its own groups only, and none when it hears nobody', () => {
    const groups = acls.filter((acl) => acl.on === 'group').map(({ user, name, prefixed }) => [user, name, prefixed]);
    expect(groups).toEqual([['catalog', 'catalog', true], ['warehouse', 'warehouse', true], ['dossiers', 'dossiers', true]]);
    const alone = { name: 'alone', layer: 'data', publishes: [event('records')], consumes: [] };
    expect(topologyOf([alone], SHARDS).acls.filter((acl) => acl.on === 'group')).toEqual([]);
  });
  it('gives nobody rights on the cluster', () => expect(acls.filter((acl) => acl.on === 'cluster' || acl.operation === 'Create')).toEqual([]));
  it('refuses a consumer of what nobody writes', () => {
    expect(() => topologyOf([dossiers], SHARDS)).toThrow(/dossiers .*reference\.catalog/);
  });
});
