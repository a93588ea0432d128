/**
 * `npm run test:charts [-- stage …]`: the charts, looked at without a cluster. Needs Go (tools are built once per machine)
 * and Node. One line per stage; every breach is a sentence; exits 1 when there is one.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartsOf } from '../image/bundle.js';
import { RECIPES } from '../image/recipes.js';
import { PartError, told } from '../real/cache.js';
import { DATASTORES, dueFlows, flowsOf, INFRASTRUCTURE, OPERATED, SECURITY_WITHIN } from './flows.js';
import { COMING, grown, misplacedIn } from './grown.js';
import { ask, bare, objectsOf, render, ROOT } from './helm.js';
import * as house from '../layers.js';
import { alerts, dashboards } from '../observability/check.js';
import { collectorBreaches } from '../observability/collector-run.js';
import { breachesOf, missingOf, podsOf } from './policy.js';
import { IMAGES_FILE, REFUSED, REGISTRY, RELEASES } from './releases.js';
import { schemas, UNPROVEN } from './schemas.js';
import { imagesApart, openIn, unsteadyIn, untestedOf, unwrittenOf } from './sources.js';
import { tool } from './tools.js';

const CHARTS = readdirSync(join(ROOT, 'charts')).filter((name) => existsSync(join(ROOT, 'charts', name, 'Chart.yaml')));

/** @typedef {{ helm3: string, helm4: string }} Helms */
/** @typedef {{ release: import('./helm.js').Release, text: string, objects: any[] }} Rendered */

/** @type {Record<string, (helms: Helms, rendered: readonly Rendered[]) => Promise<string[]>>} each answers its breaches */
const STAGES = { sources, lint, same, packed, unit, refuse, schema, linter, policy, images, flows, alerts, dashboards, collector };

async function main() {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(STAGES, name));
  if (unknown !== undefined) throw new PartError(`${unknown}? ${Object.keys(STAGES).join(', ')}`);
  const began = performance.now();
  const helms = { helm3: await tool('helm3'), helm4: await tool('helm4') };
  const rendered = await Promise.all(RELEASES.map((release) => renderOne(helms, release)));
  let broken = 0;
  for (const [name, stage] of Object.entries(STAGES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const from = performance.now();
    const breaches = await stage(helms, rendered);
    broken += breaches.length;
    console.log(`${breaches.length === 0 ? '✓' : '✗'} ${name} (${seconds(from)} s)`);
    for (const one of breaches) console.log(`  ${one}`);
  }
  console.log(broken === 0 ? `Đạt / passed, ${seconds(began)} s` : `Không đạt / failed: ${broken}, ${seconds(began)} s`);
  process.exitCode = broken === 0 ? 0 : 1;
}

/** @param {Helms} helms @param {import('./helm.js').Release} release @returns {Promise<Rendered>} */
async function renderOne({ helm4 }, release) {
  const { code, output, stdout } = await render(helm4, release);
  if (code !== 0) throw new Error(`${release.name}: ${output}`);
  return { release, text: stdout, objects: await objectsOf(helm4, stdout) };
}

/** Set under an alias in charts/quan-so alone: with a default here it would beat the tags of the layers. */
const ELSEWHERE = new Set(['enabled']);

/** The files themselves: templates that render the same everywhere and have a test, schemas that take nothing unnamed. @param {Helms} helms */
async function sources({ helm4 }) {
  const breaches = await Promise.all(CHARTS.map(async (name) => {
    const folder = join(ROOT, 'charts', name);
    const text = (/** @type {string} */ path) => readFileSync(join(folder, path), 'utf8');
    const below = (/** @type {string} */ of) => readdirSync(join(folder, of), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    const [templates, tests] = [below('templates'), below('tests').map(text).join('\n')];
    const schema = JSON.parse(text('values.schema.json'));
    const [values] = await objectsOf(helm4, text('values.yaml'));
    return [
      ...templates.flatMap((path) => unsteadyIn(text(path)).map((used) => `${path}: ${used}: mỗi nơi một khác / differs from place to place`)),
      ...untestedOf(templates, tests).map((path) => `${path}: chưa có kiểm thử / has no unit test`),
      ...openIn(schema).map((path) => `values.schema.json ${path}: nhận mọi tên / takes any name`),
      ...(name === 'quan-so' ? [] : unwrittenOf(schema, values)).filter((path) => !ELSEWHERE.has(path)).map((path) => `values.yaml: ${path}: đặt được mà không ghi / may be set and is not written`),
    ].map((said) => `charts/${name}/${said}`);
  }));
  return breaches.flat();
}

/** Everything that runs is in the bundle, with the tags that it says, and nothing of the bundle is for nothing. @param {Helms} helms @param {readonly Rendered[]} rendered */
async function images({ helm4 }, rendered) {
  const [{ global }] = await objectsOf(helm4, readFileSync(join(ROOT, IMAGES_FILE), 'utf8'));
  const own = rendered.filter(({ release }) => release.chart !== 'infrastructure').flatMap(({ objects }) => podsOf(objects));
  const found = own.flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers].map(({ image }) => String(image)));
  return imagesApart(found, REGISTRY, global.images, Object.keys(RECIPES));
}

/** @param {Helms} helms */
async function lint({ helm3, helm4 }) {
  const runs = RELEASES.flatMap(({ name, chart, args }) => [helm3, helm4].map((helm) => ({ name, helm, args: ['lint', '--strict', '--quiet', join('charts', chart), ...args] })));
  const said = await Promise.all(runs.map(async ({ name, helm, args }) => ({ name, ...(await ask(helm, args)) })));
  return said.filter(({ code }) => code !== 0).map(({ name, output }) => `${name}: ${output.trim()}`);
}

/** Both Helms say the same. @param {Helms} helms @param {readonly Rendered[]} rendered */
async function same({ helm3 }, rendered) {
  const breaches = await Promise.all(rendered.map(async ({ release, text }) => {
    const { code, output, stdout } = await render(helm3, release);
    if (code !== 0) return [`${release.name}: ${output}`];
    const [by3, by4] = [bare(stdout).split('\n'), bare(text).split('\n')];
    const at = by3.findIndex((line, index) => line !== by4[index]);
    return at < 0 && by3.length === by4.length ? [] : [`${release.name}: Helm 3 và 4 khác nhau / differ: ${by3[at]} ≠ ${by4[at]}`];
  }));
  return breaches.flat();
}

/**
 * What `helm package` packs renders as the folder does (the service chart is a link there), and so does every chart as
 * `npm run bundle` packs it.
 * @param {Helms} helms @param {readonly Rendered[]} rendered
 */
async function packed({ helm3, helm4 }, rendered) {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-packed-'));
  const apart = async (/** @type {string} */ by, /** @type {string} */ chart, /** @type {string} */ archive) => {
    const said = await Promise.all(rendered.filter(({ release }) => release.chart === chart).map(async ({ release, text }) => {
      const { stdout } = await render(helm4, release, archive);
      return bare(stdout) === bare(text) ? [] : [`${release.name}: gói của / the package of ${by}: khác thư mục / differs from the folder`];
    }));
    return said.flat();
  };
  try {
    const breaches = [];
    for (const [name, helm] of Object.entries({ helm3, helm4 })) {
      const { code, output } = await ask(helm, ['package', 'charts/quan-so', '--destination', join(folder, name)]);
      const archive = code === 0 ? readdirSync(join(folder, name))[0] : undefined;
      breaches.push(...(archive === undefined ? [`${name}: ${output}`] : await apart(name, 'quan-so', join(folder, name, archive))));
    }
    for (const [name, bytes] of chartsOf(ROOT)) {
      writeFileSync(join(folder, name), bytes);
      breaches.push(...(await apart('npm run bundle', name.replace(/-[0-9].*$/, ''), join(folder, name))));
    }
    return breaches;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unit() {
  const unittest = await tool('unittest');
  const charts = CHARTS.filter((name) => existsSync(join(ROOT, 'charts', name, 'tests')));
  const said = await Promise.all(charts.map((name) => ask(unittest, ['--strict', '--with-subchart=false', join('charts', name)])));
  for (const { output } of said) for (const line of output.split('\n')) if (/^Tests:/.test(line)) console.log(`  ${line.trim()}`);
  return said.filter(({ code }) => code !== 0).map(({ output }) => output.trim());
}

/** @param {Helms} helms */
async function refuse({ helm3, helm4 }) {
  const asked = REFUSED.flatMap((one) => [helm3, helm4].map((helm) => ({ helm, ...one })));
  const breaches = await Promise.all(asked.map(async ({ helm, what, chart, args, names }) => {
    const { code, output } = await render(helm, { name: what, chart, namespace: 'quan-so', args });
    if (code === 0) return [`${what}: được nhận / was taken`];
    return names.filter((name) => !output.includes(name)).map((name) => `${what}: lời từ chối không nói / the refusal does not name ${name}: ${output.trim()}`);
  }));
  return breaches.flat();
}

/** Kubernetes' own schemas, strict: a field it does not know fails. @param {Helms} _ @param {readonly Rendered[]} rendered */
async function schema(_, rendered) {
  const [kubeconform, folder] = [await tool('kubeconform'), await schemas()];
  const look = (/** @type {string} */ file) => ask(kubeconform, ['-strict', '-summary', '-skip', UNPROVEN.join(','), '-schema-location', `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`, file]);
  return [...(await soft(rendered, look)), ...(await onFiles(rendered, look))];
}

/** A field of each source of schemas that must fail when it is misspelt, or they have gone soft. */
const MUST_FAIL = ['readOnlyRootFilesystem', 'backendRefs', 'deleteClaim', 'patternType', 'databaseReclaimPolicy', 'podSecurityContext', 'podMetricsEndpoints', 'expr'];

/** @param {readonly Rendered[]} rendered @param {(file: string) => Promise<import('./helm.js').Said>} look */
async function soft(rendered, look) {
  const damaged = MUST_FAIL.flatMap((field) => {
    const [one] = rendered.filter(({ text }) => text.includes(`${field}:`));
    return one === undefined ? [] : [{ ...one, release: { ...one.release, name: field }, text: one.text.replaceAll(`${field}:`, `${field}s:`) }];
  });
  const failed = (await onFiles(damaged, look)).map((said) => said.split(':')[0]);
  return MUST_FAIL.filter((field) => !failed.includes(field)).map((field) => `${field}: viết sai vẫn được nhận / is taken misspelt`);
}

/** @param {Helms} _ @param {readonly Rendered[]} rendered */
async function linter(_, rendered) {
  const linter = await tool('kube-linter');
  return onFiles(rendered, (file) => ask(linter, ['lint', '--config', 'tools/charts/kube-linter.yaml', file]));
}

/** @param {readonly Rendered[]} rendered @param {(file: string) => Promise<import('./helm.js').Said>} look */
async function onFiles(rendered, look) {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-charts-'));
  try {
    const said = await Promise.all(rendered.map(async ({ release, text }, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, text);
      return { name: release.name, ...(await look(file)) };
    }));
    return said.filter(({ code }) => code !== 0).map(({ name, output }) => `${name}: ${output.trim()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Helms} _ @param {readonly Rendered[]} rendered */
async function policy(_, rendered) {
  return rendered.flatMap(({ release, objects }) => {
    const whole = ['ward', 'district'].includes(release.name) ? missingOf(objects, house) : [];
    // Left out where an installation leaves images to their makers.
    const registry = release.args.join().includes(REGISTRY) ? { registry: REGISTRY } : {};
    return [...whole, ...breachesOf(objects, registry)].map((one) => `${release.name}: ${one}`);
  });
}

/**
 * A platform with what it stands on: a ward, the same with a pod per service, and a district on what operators make, also
 * with a service of the layer security.
 * @param {Helms} helms @param {readonly Rendered[]} rendered
 */
async function flows({ helm4 }, rendered) {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-grown-'));
  try {
    const later = await grown(helm4, folder, ['district', 'infrastructure']);
    const named = (/** @type {string} */ name, /** @type {readonly Stand['platform'][]} */ of = rendered) => /** @type {Stand['platform']} */ (of.find(({ release }) => release.name === name));
    const district = { platform: named('district'), below: named('infrastructure'), ground: INFRASTRUCTURE, pods: OPERATED };
    return [
      ...['ward', 'ward, a pod per service'].flatMap((name) => strangeFlows({ platform: named(name), below: named('datastores'), ground: DATASTORES, pods: [] })),
      ...strangeFlows(district),
      ...strangeFlows({ ...district, platform: named('district', later), below: named('infrastructure', later), ground: { ...INFRASTRUCTURE, within: [...INFRASTRUCTURE.within, ...SECURITY_WITHIN] } }).map((one) => `${COMING.name}: ${one}`),
      ...misplacedIn(named('infrastructure', later).objects),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @typedef {{ platform: Pick<Rendered, 'release' | 'objects'>, below: Pick<Rendered, 'release' | 'objects'>, ground: import('./flows.js').Ground, pods: readonly any[] }} Stand */

/** Flows that are missing or too many. @param {Stand} stand */
function strangeFlows({ platform, below, ground, pods }) {
  const found = flowsOf([{ namespace: platform.release.namespace, objects: platform.objects }, { namespace: below.release.namespace, objects: [...below.objects, ...pods] }]);
  const services = platform.objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => ({ name: metadata.name, layer: metadata.labels['quan-so.vn/layer'] }));
  const due = dueFlows(services, house.layers.map(({ name }) => name), ground);
  return [...due.filter((one) => !found.includes(one)).map((one) => `${platform.release.name}: bị chặn / is blocked: ${one}`), ...found.filter((one) => !due.includes(one)).map((one) => `${platform.release.name}: mở thừa / is open: ${one}`)];
}

/** What the operator of the collector is given. @param {Helms} _ @param {readonly Rendered[]} rendered */
async function collector(_, rendered) {
  return collectorBreaches(rendered.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'OpenTelemetryCollector').map(({ spec }) => spec.config)));
}

/** @param {number} from */
function seconds(from) {
  return ((performance.now() - from) / 1_000).toFixed(1);
}

await told(main);
