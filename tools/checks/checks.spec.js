/** Each rule of the house against a fixture that breaks it, by its sentence. */
import { join } from 'node:path';
import { sentence } from './finding.js';
import { imports } from './imports.js';
import { lockfile } from './lockfile.js';
import { parts } from './parts.js';
import { personalNumbers } from './personal-numbers.js';
import { purity } from './purity.js';
import { rooms } from './rooms.js';

const fixture = (name) => join(import.meta.dirname, 'fixtures', name);
/** English halves, sorted: `where: sentence`. */
const english = (found) => found.map(({ where, en }) => `${where}: ${en}`).sort();

describe('imports', () => {
  let found;
  beforeAll(async () => (found = english(await imports({ root: fixture('imports') }))));
  const about = (path) => found.filter((line) => line.startsWith(`${path}:`)).map((line) => line.slice(path.length + 2));

  it('refuses a layer that looks up, by package or by path, also for types', () => {
    expect(about('apps/data/catalog/src/catalog.service.ts')).toContain('Layer data imports @quan-so/dossiers of a layer above it; a layer only looks down.');
    expect(about('libs/contracts/data/src/index.ts')).toEqual(['Layer data imports libs/contracts/applications of a layer above it; a layer only looks down.']);
  });
  it('refuses a service that imports a service, and a contract that does', () => {
    expect(about('apps/data/catalog/src/catalog.service.ts')).toContain('A service imports another service (@quan-so/dossiers); services call by HTTP and tell by events.');
    expect(about('apps/data/warehouse/src/records.service.ts')).toContain('A service imports another service (apps/data/catalog); services call by HTTP and tell by events.');
    expect(about('libs/contracts/security/src/index.ts')).toContain('A contract imports a service (@quan-so/catalog); a contract knows only contracts below it and the kernel.');
  });
  it('refuses a kernel that knows what is above it, or a library after it', () => {
    expect(about('libs/kernel/contract/src/index.ts')).toEqual(['The kernel imports @quan-so/contracts-data; the kernel knows nothing above it.']);
    expect(about('libs/kernel/language/src/index.ts')).toEqual(['kernel/language imports @quan-so/contract, which stands after it in tools/layers.js.']);
  });
  it('refuses a second importer of kafkajs, @nestjs/microservices, keycloak-connect and pg, whatever the part of the package', () => {
    expect(about('test/scenarios/story.ts')).toEqual(["Only kernel/messaging may import @nestjs/microservices; use that library's door.", "Only kernel/messaging may import kafkajs; use that library's door."]);
    expect(about('apps/data/catalog/src/catalog.service.ts')).toContain("Only kernel/auth may import keycloak-connect; use that library's door.");
    expect(about('apps/data/warehouse/src/records.service.ts')).toContain("Only kernel/persistence may import pg; use that library's door.");
  });
  it('lets comparisons of messaging import its packages, and only those', () => {
    expect(about('libs/kernel/messaging/src/stock.int.spec.ts')).toEqual([]);
    expect(about('test/bench/kafka.ts')).toEqual([]);
  });
  it('refuses kernel/testing in code that runs for real', () => {
    expect(about('libs/kernel/persistence/src/seed.ts')).toEqual(['Code that runs for real imports kernel/testing; only tests may.']);
    expect(about('libs/kernel/persistence/src/database.int.spec.ts')).toEqual([]);
  });
  it('lets owners, lower layers and the platform of one machine be', () => {
    for (const path of ['libs/kernel/messaging/src/kafka.ts', 'libs/kernel/persistence/src/database.ts', 'libs/contracts/applications/src/index.ts', 'apps/applications/dossiers/src/dossiers.service.ts', 'apps/all-in-one/src/platform.ts']) {
      expect(about(path)).toEqual([]);
    }
  });
});

describe('purity', () => {
  let found;
  beforeAll(async () => (found = english(await purity({ root: fixture('purity') }))));
  const rules = 'apps/data/catalog/src/deadline.rules.ts';
  const uses = (where, what) => `${where}: uses ${what}; pure rules have no clock, randomness, input or output: take it as a parameter.`;

  it('refuses clock, randomness, input and output in rules, each with its line', () => {
    expect(found).toEqual(expect.arrayContaining([uses(`${rules}:1`, 'node:fs'), uses(`${rules}:7`, 'Date.now'), uses(`${rules}:7`, 'new Date()'), uses(`${rules}:8`, 'Math.random'), uses(`${rules}:8`, 'process'), uses(`${rules}:9`, 'crypto')]));
  });
  it('refuses what leads to them, by the file that has it; the door of a library is passed by name', () => {
    expect(found).toContain(`${rules}:3: imports apps/data/catalog/src/days.ts, which leads to new Date() (apps/data/catalog/src/zone.ts:1).`);
    expect(found).toContain(`${rules}:5: imports libs/kernel/auth/src/index.ts, which leads to crypto (libs/kernel/auth/src/verifier.ts:1).`);
  });
  it('refuses them in the pure kernel, and every package but zod', () => {
    expect(found).toContain(uses('libs/kernel/contract/src/event.ts:3', 'import()'));
    expect(found).toContain(uses('libs/kernel/language/src/time.ts:1', 'got'));
  });
  it('leaves types, members, own names, comments, tests and other files alone', () => {
    expect(found).toHaveLength(10);
  });
});

describe('personal numbers', () => {
  it('refuses twelve digits outside the range 999, alone or as on a card, and does not repeat them', async () => {
    const found = await personalNumbers({ root: fixture('personal-numbers') });
    expect(found.map(({ where }) => where)).toEqual(['people.md:2', 'people.md:3', 'people.md:4']);
    expect(sentence(found[0])).toBe('people.md:2: số 12 chữ số giống số định danh cá nhân; chỉ dùng số thử bắt đầu bằng 999. / 12 digits that look like a personal number; use only test numbers that begin with 999.');
  });
});

describe('parts of a service', () => {
  it('names each part that is missing, and accepts a whole service', async () => {
    const found = await parts({ root: fixture('parts'), services: [{ name: 'empty', layer: 'data' }, { name: 'whole', layer: 'data' }] });
    expect(english(found)).toEqual(
      [
        'src/main.ts, the program',
        'its module src/<name>.module.ts',
        'rules or a projection (*.rules.ts, *.projection.ts)',
        'a test of its rules (*.rules.spec.ts, *.projection.spec.ts)',
        'a test through its door on real PostgreSQL (*.int.spec.ts)',
        'its tables (src/migrations/)',
        'a contract: its operations in libs/contracts/<layer>',
        'a story in test/scenarios with /api/<name>/',
        'values in charts/quan-so/values.yaml',
      ].map((part) => `apps/data/empty: lacks ${part}.`).sort(),
    );
  });
});

describe('rooms', () => {
  const room = (path, name) => ({ path, package: `@quan-so/${name}`, kind: 'kernel', tags: [] });

  it('compares folders, the list, packages and imports', async () => {
    const listed = [room('libs/kernel/one', 'one'), room('libs/kernel/three', 'three'), room('apps/data/two', 'two'), room('apps/data/four', 'four')];
    expect(english(await rooms({ root: fixture('rooms'), rooms: listed, charts: ['known', 'gone'] }))).toEqual(
      [
        'apps/data/extra: is not in tools/layers.js; add it to the list or remove the folder.',
        'charts/extra: is not in tools/layers.js; add it to the list or remove the folder.',
        'charts/extra/README.md: lacks a README with dated decisions.',
        'tools/layers.js: lists charts/gone, but there is no such folder.',
        'tools/layers.js: lists apps/data/four, but there is no such folder.',
        'libs/kernel/three/package.json: is named @quan-so/drei; by tools/layers.js it is @quan-so/three.',
        'tsconfig.json: lacks the reference to libs/kernel/three.',
        'libs/kernel/three/README.md: lacks a README with dated decisions.',
        'libs/kernel/one/src/index.ts: imports ../../three/src/index.js outside its room by path; import it by package name.',
        'libs/kernel/one/tsconfig.json: refers to @quan-so/three, which package.json does not have.',
        'apps/data/two/package.json: lacks @quan-so/one, which apps/data/two/src/main.ts imports.',
        'apps/data/two/package.json: declares @quan-so/three, which no file imports.',
        'apps/data/two/tsconfig.json: lacks the reference to @quan-so/three of package.json.',
      ].sort(),
    );
  });
});

describe('the lockfile', () => {
  it('is complete for every platform, without addresses, and fits package.json', async () => {
    expect(english(await lockfile({ root: fixture('lockfile') }))).toEqual(
      [
        'package-lock.json: records a registry address for node_modules/left; install again with the .npmrc of the repository.',
        'package-lock.json: has no checksum (integrity) for node_modules/@bin/windows-x64.',
        'package-lock.json: left has an install script that nobody has reviewed; say true or false in allowScripts of package.json.',
        'package-lock.json: lacks left-linux-arm64-gnu, a package for a platform of node_modules/left.',
        ...['linux arm64', 'darwin x64', 'darwin arm64', 'win32 x64'].map((platform) => `package-lock.json: has no left for ${platform}.`),
        'package-lock.json: has no @bin for darwin arm64.',
        'package-lock.json: differs from package.json in dependencies; run npm install.',
        'package-lock.json: lists libs/gone, which is no longer in the repository.',
        'package.json: left "^1.0.0" is no exact version.',
        'libs/one/package.json: left "^1.0.0" is no exact version.',
      ].sort(),
    );
  });
});
