/** A program that reads dashboards by the schema of Grafana's makers, built from their Go module into the cache. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { go, needGo } from '../charts/tools.js';
import { digest, once, prune } from '../real/cache.js';

const MODULE = 'github.com/grafana/grafana-foundation-sdk/go';
const VERSION = 'v0.0.22';

/** Path of the program. @returns {Promise<string>} */
export async function grafanaReader() {
  const source = readFileSync(join(import.meta.dirname, 'grafana.go'), 'utf8');
  const folder = await once(`grafana-reader-${VERSION}-${digest(source)}`, async (draft) => {
    needGo();
    console.error(`Đang dịch lược đồ của Grafana ${VERSION} (một lần cho mỗi máy) / building Grafana’s schema (once per machine)…`);
    writeFileSync(join(draft, 'main.go'), source);
    await go(['mod', 'init', 'quan-so.local/grafana-reader'], draft);
    await go(['get', `${MODULE}@${VERSION}`], draft);
    await go(['build', '-trimpath', '-ldflags=-s -w', '-o', join(draft, 'grafana-reader'), '.'], draft);
  });
  prune('grafana-reader-v', 2);
  return join(folder, 'grafana-reader');
}
