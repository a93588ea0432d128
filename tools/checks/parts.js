/** A service is whole: what makes it run, what it says, what it decides, a story it is in, and how it is deployed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as house from '../layers.js';
import { finding } from './finding.js';

/**
 * @typedef {object} Part
 * @property {string} vi
 * @property {string} en
 * @property {(root: string, service: { name: string, layer: string }) => boolean} has
 */

/** @type {readonly Part[]} */
const PARTS = [
  { vi: 'README.md', en: 'README.md', has: inService(/^README\.md$/) },
  { vi: 'src/main.ts, chương trình', en: 'src/main.ts, the program', has: inService(/^src\/main\.ts$/) },
  { vi: 'mô-đun src/<tên>.module.ts', en: 'its module src/<name>.module.ts', has: (root, { layer, name }) => existsSync(join(root, 'apps', layer, name, 'src', `${name}.module.ts`)) },
  { vi: 'luật hoặc phép chiếu (*.rules.ts, *.projection.ts)', en: 'rules or a projection (*.rules.ts, *.projection.ts)', has: inService(/\.(rules|projection)\.ts$/) },
  { vi: 'kiểm thử của luật (*.rules.spec.ts, *.projection.spec.ts)', en: 'a test of its rules (*.rules.spec.ts, *.projection.spec.ts)', has: inService(/\.(rules|projection)\.spec\.ts$/) },
  { vi: 'kiểm thử qua cửa trên PostgreSQL thật (*.int.spec.ts)', en: 'a test through its door on real PostgreSQL (*.int.spec.ts)', has: inService(/\.int\.spec\.ts$/) },
  { vi: 'bảng dữ liệu (src/migrations/)', en: 'its tables (src/migrations/)', has: inService(/^src\/migrations\/[^/]+\.ts$/) },
  { vi: 'hợp đồng: thao tác của nó trong libs/contracts/<lớp>', en: 'a contract: its operations in libs/contracts/<layer>', has: (root, { layer, name }) => says(root, `libs/contracts/${layer}/src`, new RegExp(`service: '${name}'`)) },
  { vi: 'câu chuyện trong test/scenarios có /api/<tên>/', en: 'a story in test/scenarios with /api/<name>/', has: (root, { name }) => says(root, 'test/scenarios', new RegExp(`/api/${name}/`)) },
  { vi: 'giá trị triển khai trong charts/quan-so/values.yaml', en: 'values in charts/quan-so/values.yaml', has: (root, { name }) => !existsSync(join(root, 'charts')) || says(root, 'charts/quan-so', new RegExp(`^\\s*${name}:`, 'm')) },
];

/**
 * @param {{ root: string, services?: readonly { name: string, layer: string }[] }} where
 * @returns {Promise<import('./finding.js').Finding[]>}
 */
export async function parts({ root, services = house.services }) {
  return services.flatMap((service) =>
    PARTS.filter((part) => !part.has(root, service)).map(({ vi, en }) => finding(`apps/${service.layer}/${service.name}`, `thiếu ${vi}.`, `lacks ${en}.`)),
  );
}

/** @param {RegExp} pattern @returns {Part['has']} */
function inService(pattern) {
  return (root, { layer, name }) => filesIn(join(root, 'apps', layer, name), '').some((path) => pattern.test(path));
}

/** @param {string} root @param {string} folder @param {RegExp} pattern */
function says(root, folder, pattern) {
  return filesIn(join(root, folder), '').some((path) => pattern.test(readFileSync(join(root, folder, path), 'utf8')));
}

/** @param {string} root @param {string} folder @returns {string[]} */
function filesIn(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    // A link (the service chart in the umbrella) leads to what is looked at elsewhere.
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .flatMap((entry) => (entry.isDirectory() ? filesIn(root, join(folder, entry.name)) : [join(folder, entry.name).replaceAll('\\', '/')]));
}
