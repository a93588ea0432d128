/** `gitops.go`, which syncs with the engine of Argo CD, built from its Go module into the cache. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, go, needGo } from '../charts/tools.js';
import { digest, once, prune } from '../real/cache.js';

const MODULE = 'github.com/argoproj/gitops-engine';
const VERSION = 'v0.7.3';

/** Path of the program. @returns {Promise<string>} */
export async function gitops() {
  const source = readFileSync(join(import.meta.dirname, 'gitops.go'), 'utf8');
  const folder = await once(`gitops-engine-${VERSION}-${digest(source)}`, async (draft) => {
    needGo();
    console.error(`Đang dịch máy đồng bộ của Argo CD ${VERSION} (một lần cho mỗi máy) / building the engine of Argo CD (once per machine)…`);
    writeFileSync(join(draft, 'main.go'), source);
    await go(['mod', 'init', 'quan-so.local/gitops'], draft);
    // What the module replaces for itself Go does not follow.
    const { Replace = [] } = JSON.parse(await go(['mod', 'edit', '-json', join(await download(MODULE, VERSION), 'go.mod')], tmpdir()));
    for (const { Old, New } of Replace) await go(['mod', 'edit', `-replace=${Old.Path}=${New.Path}@${New.Version}`], draft);
    await go(['mod', 'edit', `-require=${MODULE}@${VERSION}`], draft);
    await go(['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', join(draft, 'gitops'), '.'], draft);
  });
  prune('gitops-engine-v', 2);
  return join(folder, 'gitops');
}
