import { addKey, databaseSecrets, firstPassword, keyRing, password, shapesOf, useKey } from './secrets.rules.js';

const where = { namespace: 'quan-so', datastores: 'quan-so-datastores', postgres: 'postgres.stores', postgresSecurity: 'journal.stores' };
const catalog = { name: 'catalog', layer: 'data' };

describe('secrets of the charts', () => {
  it('are made of letters and digits, each another one', () => {
    const many = new Set(Array.from({ length: 100 }, password));
    expect(many.size).toBe(100);
    for (const one of many) expect(one).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it('are short enough to be typed once by a person, and long enough for the realm', () => {
    const many = new Set(Array.from({ length: 100 }, firstPassword));
    expect(many.size).toBe(100);
    for (const one of many) expect(one).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
  });

  it('give each service two roles of its own database, with different passwords', () => {
    const [app, migrator] = databaseSecrets(catalog, where).map(({ name, data }) => ({ name, ...data() }));
    expect(app.url).toBe(`postgres://catalog:${app.password}@postgres.stores:5432/catalog`);
    expect(migrator.url).toBe(`postgres://catalog_migrator:${migrator.password}@postgres.stores:5432/catalog`);
    expect([app.name, migrator.name, app.password === migrator.password]).toEqual(['catalog-database', 'catalog-migrator', false]);
  });

  it('lead the layer security to its own server', () => {
    for (const { data } of databaseSecrets({ name: 'audit', layer: 'security' }, where)) expect(new URL(data().url).host).toBe('journal.stores:5432');
  });

  it('stand where they are needed: the administrators of the stores are not known to the platform', () => {
    const namespacesOf = Object.fromEntries(shapesOf([catalog], where).map(({ name, namespaces }) => [name, namespaces]));
    expect(namespacesOf).toEqual({
      'catalog-database': ['quan-so', 'quan-so-datastores'], 'catalog-migrator': ['quan-so', 'quan-so-datastores'], 'catalog-kafka': ['quan-so', 'quan-so-datastores'],
      'quan-so-keys': ['quan-so'], 'postgres-admin': ['quan-so-datastores'], 'kafka-admin': ['quan-so-datastores'],
      'keycloak-database': ['quan-so-datastores'], 'keycloak-admin': ['quan-so-datastores'],
    });
  });
});

describe('the key ring', () => {
  const first = JSON.parse(keyRing(new Date('2026-11-26T00:00:00Z')));
  it('has 32 bytes per key, all of them different, and a name that production takes', () => {
    const all = [...Object.values(first.keys), first.index, first.cursor];
    expect(all.map((one) => Buffer.from(one, 'base64').length)).toEqual([32, 32, 32]);
    expect(new Set(all).size).toBe(3);
    expect(first.current).toBe('k2026-11-26');
  });
  it('goes on in two steps: a new key that all know, then in use; what was sealed or found by the old ones still is', () => {
    const known = JSON.parse(addKey(JSON.stringify(first), new Date('2026-11-26T09:00:00Z')));
    expect(known).toEqual({ ...first, keys: { ...first.keys, 'k2026-11-26-2': expect.any(String) } });
    expect(known.keys['k2026-11-26-2']).not.toBe(first.keys[first.current]);
    const used = JSON.parse(useKey(JSON.stringify(known)));
    expect(used).toEqual({ ...known, current: 'k2026-11-26-2' });
    expect(() => useKey(JSON.stringify(used))).toThrow(/keys-add/);
  });
});
