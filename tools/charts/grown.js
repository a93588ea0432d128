/**
 * The charts as they will be with a service of the layer security, which nobody has written yet: what they promise of it
 * (a server of its own for its data, closed to the layers above) is seen before it is there.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layers, services } from '../layers.js';
import { objectsOf, render, ROOT } from './helm.js';
import { RELEASES } from './releases.js';
import { chartOf, schemaOf } from './umbrella.js';

/** As the district's profile names it. */
export const COMING = { name: 'audit', layer: 'security', title: { vi: 'Nhật ký', en: 'Journal' } };

/** @param {string} helm @param {string} folder empty @param {readonly string[]} names of releases @returns {Promise<{ release: import('./helm.js').Release, objects: any[] }[]>} */
export async function grown(helm, folder, names) {
  cpSync(join(ROOT, 'charts'), folder, { recursive: true, verbatimSymlinks: true });
  const all = [COMING, ...services];
  const text = (/** @type {string} */ path) => readFileSync(join(folder, path), 'utf8');
  const [, version = ''] = /^version: (.+)$/m.exec(text('quan-so/Chart.yaml')) ?? [];
  writeFileSync(join(folder, 'quan-so/Chart.yaml'), chartOf(layers, all, version));
  writeFileSync(join(folder, 'quan-so/values.schema.json'), schemaOf(layers, all, JSON.parse(text('service/values.schema.json'))));
  for (const chart of ['service', 'infrastructure']) {
    const path = join(folder, chart, 'files/contracts.json');
    const { heardBy, ...below } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify(heardBy === undefined ? { ...below, services: [COMING, ...below.services], users: [COMING.name, ...below.users] } : { heardBy: { [COMING.name]: [], ...heardBy } }));
  }
  return Promise.all(RELEASES.filter(({ name }) => names.includes(name)).map(async (release) => {
    const { code, output, stdout } = await render(helm, release.chart === 'quan-so' ? { ...release, args: [...release.args, '--set', `${COMING.name}.layer=${COMING.layer}`] } : release, join(folder, release.chart));
    if (code !== 0) throw new Error(`${release.name}, ${COMING.name}: ${output}`);
    return { release, objects: await objectsOf(helm, stdout) };
  }));
}

/** Who has which database, by the clusters rendered: sentences about what is on the wrong server. @param {readonly any[]} objects */
export function misplacedIn(objects) {
  const clusters = objects.filter(({ kind }) => kind === 'Cluster');
  const rolesOf = (/** @type {string} */ name) => clusters.find(({ metadata }) => metadata.name === name)?.spec.managed.roles.map((/** @type {{ name: string }} */ role) => role.name) ?? [];
  const [security, others] = [rolesOf('postgres-security'), rolesOf('postgres')];
  return [
    ...[COMING.name, `${COMING.name}_migrator`].filter((role) => !security.includes(role)).map((role) => `${role}: không ở máy chủ riêng / is not on the server of its own`),
    ...others.filter((/** @type {string} */ role) => role.startsWith(COMING.name)).map((/** @type {string} */ role) => `${role}: ở máy chủ của người khác / is on the server of others`),
    ...security.filter((/** @type {string} */ role) => !role.startsWith(COMING.name)).map((/** @type {string} */ role) => `${role}: ở máy chủ của lớp security / is on the server of the layer security`),
  ];
}
