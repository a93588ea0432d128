/** Stages of `npm run test:charts` over what watches the platform; each answers its breaches. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, ROOT } from '../charts/helm.js';
import { tool } from '../charts/tools.js';
import { grafanaReader } from './grafana.js';

const RULES = 'charts/observability/files/rules.yaml';
const SCENARIOS = 'tools/observability/rules.test.yaml';
/** Four seconds of processor, and on a machine with much else to do many minutes. */
const SCENARIOS_MS = 10 * 60_000;
const DASHBOARDS = 'charts/observability/files/dashboards';

/** Prometheus' own check of the rules, its unit tests, and that no alarm is without a scenario in which it rings. */
export async function alerts() {
  const promtool = await tool('promtool');
  const said = [await ask(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', RULES]), await ask(promtool, ['test', 'rules', SCENARIOS], SCENARIOS_MS)];
  const [rules, scenarios] = [RULES, SCENARIOS].map((path) => readFileSync(join(ROOT, path), 'utf8'));
  const names = [...(rules ?? '').matchAll(/^ +- alert: "(\w+)"/gm)].map(([, name = '']) => name);
  return [
    ...said.filter(({ code }) => code !== 0).map(({ output }) => output.trim()),
    ...(names.length > 0 ? [] : [`${RULES}: không có báo động / holds no alarm`]),
    ...names.filter((name) => !scenarios?.includes(`alertname="${name}"`)).map((name) => `${name}: không có cảnh nào nó kêu / no scenario in which it rings (${SCENARIOS})`),
  ];
}

/** Every dashboard by the schema, and one that is damaged, or the schema has gone soft. */
export async function dashboards() {
  const reader = await grafanaReader();
  const paths = readdirSync(join(ROOT, DASHBOARDS)).map((name) => join(DASHBOARDS, name));
  const { code, output } = await ask(reader, paths);
  const soft = await withFile('damaged.json', readFileSync(join(ROOT, paths[0] ?? ''), 'utf8').replace('"legendFormat"', '"legendFormt"'), (file) => ask(reader, [file]));
  return [...(code === 0 ? [] : [output.trim()]), ...(soft.code === 0 ? ['một trường viết sai được nhận / a misspelt field was taken'] : [])];
}

/** @template T @param {string} name @param {string} content @param {(path: string) => Promise<T>} use @returns {Promise<T>} */
export async function withFile(name, content, use) {
  const folder = mkdtempSync(join(tmpdir(), 'quan-so-observability-'));
  try {
    writeFileSync(join(folder, name), content);
    return await use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
