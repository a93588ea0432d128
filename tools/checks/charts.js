/** What the charts take from the house is what the house says now; every value says what it is. The rest is `npm run test:charts`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unsaidIn } from '../charts/readme.js';
import * as house from '../layers.js';
import { finding } from './finding.js';
import { runNode } from './program.js';

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function charts({ root }) {
  const there = house.charts.filter((name) => existsSync(join(root, 'charts', name, 'values.yaml')));
  const unsaid = there.flatMap((name) => unsaidIn(readFileSync(join(root, 'charts', name, 'values.yaml'), 'utf8')).map((path) => finding(`charts/${name}/values.yaml`, `${path} chưa có lời giải thích (# -- …).`, `${path} has no comment (# -- …).`)));
  // A process of its own: it imports the services as they were built.
  const { code, stderr } = await runNode(join(root, 'tools', 'charts', 'generate.js'), ['--check'], { cwd: root });
  return code === 0 ? unsaid : [...unsaid, finding('charts', 'khác với mã; chạy node tools/charts/generate.js.', `differ from the code; run node tools/charts/generate.js:\n${stderr.trim()}`)];
}
