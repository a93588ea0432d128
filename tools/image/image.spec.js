import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartsOf, packChart, sumsOf } from './bundle.js';
import { trustStoreOf } from './jks.js';
import { listOf, tagOf, valuesOf } from './names.js';
import { documentsOf } from './oci.js';
import { closureOf, importsOf, runs } from './packages.js';
import { RECIPES, SERVICES_CONFIG } from './recipes.js';
import { ofDebian, ofJar, ofNpm, sbomOf } from './sbom.js';
import { tarOf } from './tar.js';
import { file, folder, link, textFile, treeOf, whole, writeTree } from './tree.js';

const ROOT = join(import.meta.dirname, '..', '..');
/** Made for this test with openssl. */
const PEM = `-----BEGIN CERTIFICATE-----
MIIBnjCCAUOgAwIBAgIUG0AG7ozTuL6ykrfyQkTdr3O1eBkwCgYIKoZIzj0EAwIw
JDEiMCAGA1UEAwwZYSB0ZXN0LCB0cnVzdGVkIGJ5IG5vYm9keTAeFw0yNjExMjYw
MjEwMzFaFw0zNjExMjMwMjEwMzFaMCQxIjAgBgNVBAMMGWEgdGVzdCwgdHJ1c3Rl
ZCBieSBub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATRiSo0GG+D6T/e
5o7dWa5ikP7pYP4fZfV+DKDU1D9DR9cFO4HqBZhKBzhhydOW3Uf8g4TA8qDK+pEl
s5rsRpFVo1MwUTAdBgNVHQ4EFgQUvA9Psavh21IPpqvoqIspMEh2WyUwHwYDVR0j
BBgwFoAUvA9Psavh21IPpqvoqIspMEh2WyUwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAxXu6lylmv+Duvriz15n+kYhgMsg83HKqHciTiZ6VfWAC
IQC5G8yWXBZCQ8P054ayEYjhtDJpfVag9ow+FlmrZnMp5Q==
-----END CERTIFICATE-----`;
let work;
beforeAll(() => (work = mkdtempSync(join(tmpdir(), 'qs-image-'))));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const bytesOf = (entries) => Buffer.concat([...tarOf(whole(entries))]);

describe('a layer', () => {
  const long = `app/${'thư-mục/'.repeat(20)}tệp.js`;
  const entries = [textFile('app/b.js', 'b'), link('app/a', '../b'), folder('tmp', 0o1777), textFile(long, 'dài'), textFile('bin/run', '#!', 0o755)];

  it('has the same bytes in whatever order its parts were found', () => {
    expect(bytesOf(entries.toReversed()).equals(bytesOf(entries))).toBe(true);
    expect(bytesOf([...entries, textFile('app/c.js', '')]).equals(bytesOf(entries))).toBe(false);
  });

  it('is what tar reads: owners, modes, times, links and long names', () => {
    writeFileSync(join(work, 'layer.tar'), bytesOf(entries));
    const listed = execFileSync('tar', ['--utc', '--numeric-owner', '-tvf', join(work, 'layer.tar')], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } }).trim().split('\n');
    const facts = listed.map((line) => line.replace(/\s+/g, ' '));
    expect(facts).toContain('-rw-r--r-- 0/0 1 2026-01-01 00:00 app/b.js');
    expect(facts).toContain('-rwxr-xr-x 0/0 2 2026-01-01 00:00 bin/run');
    expect(facts).toContain('drwxrwxrwt 0/0 0 2026-01-01 00:00 tmp/');
    expect(facts).toContain('lrwxrwxrwx 0/0 0 2026-01-01 00:00 app/a -> ../b');
    expect(execFileSync('tar', ['-xOf', join(work, 'layer.tar'), long], { encoding: 'utf8' })).toBe('dài');
    // A folder stands before what is in it.
    expect(facts.findIndex((line) => line.endsWith(' app/'))).toBeLessThan(facts.findIndex((line) => line.endsWith(' app/b.js')));
  });

  it('keeps of a mode the right to run and nothing else', () => {
    const from = join(work, 'from');
    mkdirSync(join(from, 'x'), { recursive: true });
    writeFileSync(join(from, 'x', 'run'), '', { mode: 0o700 });
    writeFileSync(join(from, 'x', 'text'), '', { mode: 0o600 });
    symlinkSync('run', join(from, 'x', 'other'));
    expect(treeOf(from, 'app').map(({ path, kind, mode }) => [path, kind, mode.toString(8)]).sort()).toEqual([['app/x/other', 'link', '777'], ['app/x/run', 'file', '755'], ['app/x/text', 'file', '644']]);
  });

  it('is the same as a folder, and refuses one name twice', () => {
    writeTree(whole(entries), join(work, 'folder'));
    const again = treeOf(join(work, 'folder'), '');
    expect(bytesOf([...again, folder('tmp', 0o1777)]).equals(bytesOf(entries))).toBe(true);
    expect(() => whole([textFile('a', '1'), file('a', '/x')])).toThrow(/twice in one layer/);
  });
});

it('names an image by its bytes: manifest and configuration point at each other and at the layers', () => {
  const layers = [{ name: 'base', diffId: 'a'.repeat(64), digest: 'b'.repeat(64), size: 7 }];
  const made = documentsOf({ reference: 'quan-so.local/quan-so/services:1.2.3', created: '2026-01-01T00:00:00Z', config: { User: '65532:65532' }, layers });
  const sum = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const manifest = JSON.parse(made.manifestText);
  expect(manifest).toMatchObject({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: { digest: sum(made.configText), size: Buffer.byteLength(made.configText) }, layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${'b'.repeat(64)}`, size: 7 }] });
  expect(JSON.parse(made.configText)).toMatchObject({ architecture: 'amd64', os: 'linux', config: { User: '65532:65532' }, rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}`] } });
  expect(made.indexed).toEqual({ mediaType: manifest.mediaType, digest: sum(made.manifestText), size: Buffer.byteLength(made.manifestText), annotations: { 'io.containerd.image.name': 'quan-so.local/quan-so/services:1.2.3', 'org.opencontainers.image.ref.name': 'services-1.2.3' } });
});

describe('the name of an image', () => {
  const layers = [{ diffId: 'a'.repeat(64) }, { diffId: 'b'.repeat(64) }];
  it('moves with its content, in every layer and in how it is run', () => {
    const tag = tagOf('1.2.3', { User: '65532' }, layers);
    expect(tag).toMatch(/^1\.2\.3-[0-9a-f]{12}$/);
    expect(tagOf('1.2.3', { User: '65532' }, layers)).toBe(tag);
    expect(new Set([tag, tagOf('1.2.3', { User: '0' }, layers), tagOf('1.2.3', { User: '65532' }, layers.slice(1)), tagOf('1.2.3', { User: '65532' }, layers.toReversed())]).size).toBe(4);
  });

  it('is told to the charts, and a name that was not made again keeps its tag', () => {
    const first = valuesOf('quan-so.local', [{ name: 'services', reference: 'r:5000/quan-so/services:1-a' }, { name: 'kafka', reference: 'r:5000/quan-so/kafka:4-b' }]);
    expect(first).toBe('# Ghi bởi / written by tools/image: helm install … -f images.yaml\nglobal:\n  imageRegistry: quan-so.local\n  images:\n    kafka: 4-b\n    services: 1-a\n');
    expect(valuesOf('r:5000', [{ name: 'services', reference: 'r:5000/quan-so/services:1-c' }], first)).toBe(first.replace('1-a', '1-c').replace('quan-so.local', 'r:5000'));
  });

  it('is a name that both charts know', () => {
    for (const chart of ['service', 'datastores']) {
      const schema = JSON.parse(readFileSync(join(ROOT, 'charts', chart, 'values.schema.json'), 'utf8'));
      expect(Object.keys(schema.properties.global.properties.images.properties).sort()).toEqual(Object.keys(RECIPES).sort());
    }
  });
});

it('writes a trust store for Java, the same for the same certificates', () => {
  const made = trustStoreOf([{ alias: 'debian:one.crt', pem: PEM }], 1_767_225_600);
  expect(made.subarray(0, 12).toString('hex')).toBe('feedfeed0000000200000001');
  // The certificate as it is, one entry and the sum of twenty bytes: nothing else.
  const der = new X509Certificate(PEM).raw;
  expect(made.length).toBe(12 + 4 + 2 + 14 + 8 + 2 + 5 + 4 + der.length + 20);
  expect(made.includes(der)).toBe(true);
  expect(trustStoreOf([{ alias: 'debian:one.crt', pem: PEM }], 1_767_225_600).equals(made)).toBe(true);
});

describe('what is taken of npm', () => {
  const lock = {
    '': {},
    'node_modules/a': { dependencies: { b: '1', c: '1' }, optionalDependencies: { native: '1' }, peerDependencies: { p: '1', q: '1' }, peerDependenciesMeta: { q: { optional: true } } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
    'node_modules/c': { dependencies: { a: '1' } },
    'node_modules/p': { link: true, resolved: 'tools/p' },
    'tools/p': { dependencies: { d: '1' } },
    'node_modules/d': {},
    'node_modules/q': {},
    'node_modules/native': {},
    'node_modules/other': {},
  };
  it('is what is reached, from the nearest place, through circles, peers and links', () => {
    expect(closureOf(lock, ['a'])).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c', 'node_modules/d', 'node_modules/p']);
    expect(() => closureOf(lock, ['nobody'])).toThrow(/nobody/);
  });

  it('knows every way in which compiled files name others', () => {
    const text = `import './reflect.js';\nimport { a,\n  b } from "x";\nexport * from './y.js';\nconst z = await import('z/deep');\ncreateRequire(import.meta.url).resolve('swagger/package.json');\nrequire('w');\n// from 'nothing'\n`;
    expect(importsOf(text)).toEqual(['./reflect.js', 'x', './y.js', 'z/deep', 'swagger/package.json', 'w']);
  });

  it('leaves types, maps and texts out, and keeps code that is named like a text', () => {
    expect(['index.js', 'dist/doc/x.js', 'LICENSE', 'LICENSE.md', 'lib/test/runner.js', 'data.json'].filter((path) => !runs(path))).toEqual([]);
    expect(['index.d.ts', 'x.d.mts', 'README.md', 'a.js.map', 'docs/x.js', 'test/x.js', '.eslintrc', 'src/x.ts'].filter(runs)).toEqual([]);
  });
});

describe('the bill of materials', () => {
  const components = [
    ofNpm('node_modules/a/node_modules/@scope/name', { version: '1.2.3', license: 'MIT', integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}` }),
    ofDebian({ name: 'libstdc++6', version: '12.2.0-14+deb12u1', arch: 'amd64', sha256: 'c'.repeat(64) }, 'debian-12'),
    ofJar('kafka-clients-4.3.1.jar', 'd'.repeat(64)),
    ofJar('zipkin-server-3.6.1-exec.jar', 'e'.repeat(64)),
  ];
  const made = sbomOf({ name: 'services', version: '1', digest: `sha256:${'f'.repeat(64)}`, created: '2026-01-01T00:00:00Z', components: [...components, ...components] });

  it('names each part once, by the address scanners know', () => {
    expect(made.components.map(({ purl, version }) => [purl, version])).toEqual([
      ['pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12', '12.2.0-14+deb12u1'],
      ['pkg:generic/kafka-clients@4.3.1', '4.3.1'],
      ['pkg:generic/zipkin-server@3.6.1', '3.6.1'],
      ['pkg:npm/%40scope/name@1.2.3', '1.2.3'],
    ]);
    expect(made.components.at(-1)).toMatchObject({ group: '@scope', name: 'name', licenses: [{ license: { name: 'MIT' } }], hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }] });
  });

  it('is CycloneDX 1.6 and the same for the same image', () => {
    expect(made).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/), metadata: { component: { type: 'container', name: 'quan-so/services' } } });
    expect(new Set(made.components.map((one) => one['bom-ref'])).size).toBe(made.components.length);
    expect(JSON.stringify(sbomOf({ name: 'services', version: '1', digest: `sha256:${'f'.repeat(64)}`, created: '2026-01-01T00:00:00Z', components: components.toReversed() }))).toBe(JSON.stringify(made));
  });
});

describe('the bundle', () => {
  it('packs a chart with what its links lead to, without what is ignored, the same each time', () => {
    const charts = join(work, 'charts');
    for (const folder of ['one/templates', 'one/tests', 'one/charts', 'two']) mkdirSync(join(charts, folder), { recursive: true });
    for (const [name, text] of Object.entries({ 'one/Chart.yaml': 'name: one\nversion: 1.2.0\n', 'one/templates/a.yaml': 'a: 1\n', 'one/tests/x.yaml': '', 'one/.helmignore': '# ours\ntests/\n', 'two/Chart.yaml': 'name: two\nversion: 0.1.0\n' })) writeFileSync(join(charts, name), text);
    symlinkSync('../../two', join(charts, 'one', 'charts', 'two'));
    const packed = packChart(join(charts, 'one'), 'one');
    writeFileSync(join(work, 'one.tgz'), packed);
    expect(execFileSync('tar', ['-tzf', join(work, 'one.tgz')], { encoding: 'utf8' }).trim().split('\n')).toEqual(['one/Chart.yaml', 'one/charts/two/Chart.yaml', 'one/templates/a.yaml']);
    expect(packChart(join(charts, 'one'), 'one').equals(packed)).toBe(true);
    expect([...chartsOf(work).keys()].sort()).toEqual(['one-1.2.0.tgz', 'two-0.1.0.tgz']);
  });

  it('holds an image for every name that the charts speak of', () => {
    const values = ['service', 'datastores'].map((chart) => readFileSync(join(ROOT, 'charts', chart, 'values.yaml'), 'utf8')).join('\n');
    const named = [...values.matchAll(/repository: quan-so\/(\S+)/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(RECIPES).sort());
  });

  it('lists the images by the names and tags that it tells the charts', () => {
    const images = [{ name: 'services', reference: 'r.example/quan-so/services:1-a', digest: 'sha256:1' }, { name: 'kafka', reference: 'r.example:5000/quan-so/kafka:4.3.1-b', digest: 'sha256:2' }];
    const listed = listOf(images);
    expect(listed).toBe('quan-so/services:1-a sha256:1\nquan-so/kafka:4.3.1-b sha256:2\n');
    const told = [...valuesOf('r.example', images).matchAll(/^ {4}(\w+): (\S+)$/gm)].map(([, name, tag]) => `quan-so/${name}:${tag}`);
    expect(told.sort()).toEqual(listed.trim().split('\n').map((line) => line.split(' ')[0]).sort());
  });

  it('has sums that sha256sum reads', () => {
    expect(sumsOf([['b', '2'], ['a', '1']])).toBe('1  a\n2  b\n');
    execFileSync('sh', ['-n', join(ROOT, 'deploy', 'image', 'load')]);
  });
});

describe('deploy/Dockerfile', () => {
  const lines = readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8').split('\n').filter((line) => /^[A-Z]/.test(line));
  it('says what the archive says, layer by layer, from scratch', () => {
    const config = SERVICES_CONFIG;
    expect(lines[0]).toBe('FROM scratch');
    expect(lines.filter((line) => line.startsWith('COPY'))).toEqual(['base', 'node', 'dependencies', 'application'].map((name) => `COPY ${name}/ /`));
    expect(lines.filter((line) => line.startsWith('ENV')).map((line) => line.slice(4))).toEqual(config.Env);
    expect(lines).toEqual(expect.arrayContaining([`USER ${config.User}`, `WORKDIR ${config.WorkingDir}`, `ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`, 'EXPOSE 8080']));
  });
});

it('has a start script for every image that is not ours to start', () => {
  for (const name of ['postgres', 'kafka', 'keycloak', 'zipkin']) {
    expect(existsSync(join(ROOT, 'deploy', 'image', name, 'start'))).toBe(true);
    for (const script of readdirSync(join(ROOT, 'deploy', 'image', name))) execFileSync('sh', ['-n', join(ROOT, 'deploy', 'image', name, script)]);
  }
});
