/** The tour from outside, by the command of charts/README.md; then one trace of it in Zipkin by dossier code. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { seconds } from '../installed.js';
import { until } from '../kube.js';
import { ROOT } from '../place.js';
import { reader } from '../sql.js';

const TOUR_MS = 10 * 60_000;
/** What charts/README.md promises, from the first `helm install` to the end of the tour. */
const MOST_SECONDS = 600;

/** @type {import('./steps.js').Step} */
export const tour = {
  id: 'tour',
  vi: 'chuyến đi trọn vẹn qua cổng chuyển tiếp',
  en: 'the whole tour through a port-forward',
  run: async (stage) => {
    const { steps, ms } = await play(stage);
    const whole = seconds(stage.began, performance.now());
    // A tour by itself stands on an older install.
    if (stage.isOurs && whole > MOST_SECONDS) throw new Error(`${whole} s`);
    return { 'bước / steps': steps, 'giây / s': Math.round(ms / 100) / 10, ...(stage.isOurs ? { 'từ lúc cài tới xong, s / from the install to its end, s': whole } : {}) };
  },
};

/** The tour to its end. @param {import('../stage.js').Stage} stage @returns {Promise<{ steps: number, ms: number }>} */
export async function play(stage) {
  const last = (await told(stage.accountsFile())).at(-1);
  if (last?.done !== true) throw new Error(`tour: ${JSON.stringify(last)}`);
  return last;
}

/** @param {string} accounts @returns {Promise<any[]>} what it told, a line each */
function told(accounts) {
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'cluster', 'tour.js'), accounts, '--json'], { stdio: ['ignore', 'pipe', 'pipe'], timeout: TOUR_MS });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      const lines = out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
      if (code === 0) resolve(lines);
      else reject(new Error(`tour, ${lines.length} bước / steps: ${err.trim()}`));
    });
  });
}

/** @type {import('./steps.js').Step} */
export const trace = {
  id: 'trace',
  vi: 'một vết của chuyến đi tìm theo mã hồ sơ trong Zipkin, từ yêu cầu tới kho dữ liệu',
  en: 'one trace of the tour found in Zipkin by dossier code, from the request to the warehouse',
  run: async (stage) => {
    const [dossier] = await reader(stage.kube)('dossiers')('', 'SELECT code FROM dossier WHERE status = 10 OR version > 5 ORDER BY received_at DESC LIMIT 1', []);
    const code = String(dossier?.['code']);
    const query = new URLSearchParams({ annotationQuery: `quanso.dossier.code=${code}`, lookback: '86400000', limit: '100' });
    const zipkin = await stage.zipkin();
    const found = await until(`Zipkin, ${code}`, 60, async () => {
      const traces = /** @type {any[][]} */ (await (await fetch(`${zipkin}/api/v2/traces?${query}`)).json());
      return traces.find((spans) => ['dossiers', 'warehouse'].every((service) => spans.some(({ tags, localEndpoint }) => (tags?.['quanso.service'] ?? localEndpoint?.serviceName) === service)));
    });
    return { 'vết / spans': found.length };
  },
};
