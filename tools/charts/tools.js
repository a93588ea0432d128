/**
 * Programs that look at charts, built from the Go module proxy into the cache: each pinned to one version, whose source
 * the checksum database vouches for. Each is a folder of its own, so one that is raised is built alone.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digest, once, PartError, prune } from '../real/cache.js';

const run = promisify(execFile);
/** The slowest (Helm 4) took three minutes of processor; over a thin line its modules take longer than that. */
const BUILD_MS = 14 * 60_000;

/**
 * @typedef {object} Tool
 * @property {string} module   whose version is pinned
 * @property {string} version
 * @property {string} program  package of the program inside the module
 * @property {string} [tags]   of the build: what is left out
 * @property {Record<string, string>} [replaces] what the module replaces for itself and Go does not follow in `go install`
 */

/** @typedef {'helm4' | 'helm3' | 'kubeconform' | 'unittest' | 'kube-linter' | 'promtool'} ToolName */
/** @type {Record<ToolName, Tool>} */
export const TOOLS = {
  kubeconform: { module: 'github.com/yannh/kubeconform', version: 'v0.7.0', program: 'cmd/kubeconform' },
  // 0.316 is Prometheus 3.16: the module cannot call itself v3. Rules need none of the clouds where it finds targets, which are most of it.
  promtool: { module: 'github.com/prometheus/prometheus', version: 'v0.316.0', program: 'cmd/promtool', tags: 'remove_all_sd' },
  helm4: { module: 'helm.sh/helm/v4', version: 'v4.2.4', program: 'cmd/helm' },
  helm3: { module: 'helm.sh/helm/v3', version: 'v3.21.4', program: 'cmd/helm' },
  unittest: {
    module: 'github.com/helm-unittest/helm-unittest',
    version: 'v1.1.2',
    program: 'cmd/helm-unittest',
    replaces: { 'github.com/vmware-labs/yaml-jsonpath@v0.3.2': 'github.com/helm-unittest/yaml-jsonpath@v0.4.0' },
  },
  // Its own address answers nothing to the proxy; the repository behind it does.
  'kube-linter': {
    module: 'golang.stackrox.io/kube-linter',
    version: 'v0.8.3',
    program: 'cmd/kube-linter',
    replaces: { 'golang.stackrox.io/kube-linter': 'github.com/stackrox/kube-linter@v0.8.3' },
  },
};

/**
 * Path of a program, built when it is not in the cache.
 * @param {ToolName} name
 * @returns {Promise<string>}
 */
export async function tool(name) {
  const pinned = TOOLS[name];
  const folder = await once(`chart-tool-${name}-${pinned.version}-${digest(pinned)}`, async (draft) => {
    needGo();
    console.error(`Đang dịch ${name} ${pinned.version} (một lần cho mỗi máy) / building it (once per machine)…`);
    await make(name, pinned, draft);
  });
  prune(`chart-tool-${name}-v`, 2);
  return join(folder, name);
}

/**
 * Folder of a module's files, checked against the checksum database.
 * @param {string} module
 * @param {string} version
 * @returns {Promise<string>}
 */
export async function download(module, version) {
  needGo();
  return JSON.parse(await go(['mod', 'download', '-json', `${module}@${version}`], tmpdir())).Dir;
}

/** @param {ToolName} name @param {Tool} pinned @param {string} draft */
async function make(name, pinned, draft) {
  const program = `${pinned.module}/${pinned.program}`;
  const own = pinned.replaces?.[pinned.module];
  await go(['mod', 'init', 'quan-so.local/chart-tools'], draft);
  for (const [from, to] of Object.entries(pinned.replaces ?? {})) await go(['mod', 'edit', `-replace=${from}=${to}`], draft);
  await go(['mod', 'edit', `-require=${pinned.module}@${pinned.version}`], draft);
  // Where the module itself is replaced, `go get` would still ask its own address.
  if (own === undefined) await go(['get', '-tool', `${program}@${pinned.version}`], draft);
  await go(['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', `-tags=${pinned.tags ?? ''}`, '-o', join(draft, name), program], draft);
  if (!existsSync(join(draft, name))) throw new PartError(`${name}: không có tệp / was not built.`);
}

/** One step of Go, at the lowest priority: whoever works on this machine comes first. @param {readonly string[]} args @param {string} folder */
export async function go(args, folder) {
  const env = { ...process.env, GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' };
  try {
    const { stdout } = await run('nice', ['-n', '15', 'go', ...args], { cwd: folder, env, timeout: BUILD_MS, maxBuffer: 32_000_000 });
    return stdout;
  } catch (error) {
    const { stderr = '', killed } = /** @type {{ stderr?: string, killed?: boolean }} */ (error);
    if (killed) throw new PartError(`go ${args[0]} ${args.at(-1)}: quá 14 phút, máy đang bận; chạy lại thì đi tiếp từ chỗ dừng / over 14 minutes, this machine is busy; run it again and it goes on where it stopped.`);
    throw new PartError(`go ${args[0]} ${args.at(-1)}:\n${stderr.trim().split('\n').slice(-8).join('\n')}`);
  }
}

export function needGo() {
  const said = spawnSync('go', ['version'], { encoding: 'utf8', timeout: 60_000 });
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(said.stdout ?? '') ?? [];
  if (Number(major) > 1 || Number(minor) >= 26) return;
  throw new PartError(`Cần Go 1.26 trở lên để dịch các công cụ của chart / Go 1.26 or newer is needed to build the tools for charts${said.stdout ? `; có / found: ${said.stdout.trim()}` : ''}.`);
}
