/**
 * Both releases from a git repository by the engine that Argo CD syncs with: a first sync into empty namespaces, a sync of
 * this version over the one before, and one that changes nothing. Migrations run before any pod changes, each time.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { render } from '../../charts/helm.js';
import { freePorts, launch } from '../../real/process.js';
import { cleared, people, putGateway } from '../installed.js';
import { ask, until } from '../kube.js';
import { namespace, PLATFORM, platformArgs, STORES, storesArgs } from '../place.js';
import { reader } from '../sql.js';

const WORK_MS = 8_000;
const LIMIT_SECONDS = 600;

/** @type {import('./steps.js').Step} */
export const argo = {
  id: 'argo',
  vi: 'cả hai bản cài từ một kho git bằng máy đồng bộ của Argo CD: lần đầu, lên bản mới, và một lần không đổi gì',
  en: 'both releases from a git repository by the engine of Argo CD: a first sync, one to a newer version, one that changes nothing',
  run: async (stage) => {
    const { kube, images, shape, dir, gitops } = stage;
    if (gitops === undefined) throw new Error('gitops');
    await cleared(stage);
    await kube.apply([STORES, PLATFORM].map(namespace));
    stage.isOurs = true;
    await people(stage);
    const repository = join(dir, 'gitops');
    rmSync(repository, { recursive: true, force: true });
    await commit(stage, repository, STORES, storesArgs(images.previous));
    const stores = await open(gitops, dir, repository, STORES);
    /** @type {Awaited<ReturnType<typeof open>> | undefined} */
    let platform;
    try {
      const first = await stores.synced();
      await kube.settled(STORES);
      await commit(stage, repository, PLATFORM, platformArgs(shape, images.previous));
      platform = await open(gitops, dir, repository, PLATFORM);
      const second = await platform.synced();
      await kube.settled(PLATFORM);
      await putGateway(stage);
      const load = await stage.load('argo', 6);
      await sleep(WORK_MS);
      const before = await migrated(kube);
      await commit(stage, repository, STORES, storesArgs(images.present));
      await stores.sync();
      await commit(stage, repository, PLATFORM, platformArgs(shape, images.present));
      const third = await platform.sync();
      await kube.settled(PLATFORM);
      const after = await migrated(kube);
      const pods = await names(kube);
      await platform.sync();
      await sleep(WORK_MS);
      const { acknowledged } = await load.stop();
      const { faults } = await load.faults();
      if (after <= before) faults.push(`migration: ${before} → ${after}`);
      if ((await names(kube)) !== pods) faults.push('pod đổi dù không có gì đổi / pods changed although nothing had');
      if (faults.length > 0) throw new Error(faults.slice(0, 10).join('\n'));
      return { 'lần đầu, s / first sync, s': first + second, 'lên bản này, s / to this version, s': third, 'migration': `${before} → ${after}`, 'đã xác nhận / acknowledged': acknowledged, 'mất / lost': 0 };
    } finally {
      await platform?.stop();
      await stores.stop();
    }
  },
};

/** What Argo CD would find under a path of the repository: everything that the chart renders. @param {import('../stage.js').Stage} stage @param {string} repository @param {string} path @param {readonly string[]} args */
async function commit({ kube }, repository, path, [chart = '', folder = '', , space = '', ...args]) {
  const { code, output, stdout } = await render(kube.helmPath, { name: chart, chart: folder, namespace: space, args });
  if (code !== 0) throw new Error(output);
  mkdirSync(join(repository, path), { recursive: true });
  writeFileSync(join(repository, path, 'all.yaml'), stdout);
  const done = await ask('sh', ['-c', 'cd "$1" && git init -q 2>/dev/null; git add -A && git -c user.name=test -c user.email=test@example.vn commit -qm state', 'sh', repository]);
  if (done.code !== 0 && !done.output.includes('nothing to commit')) throw new Error(done.output);
}

/** The engine on one path; it syncs at its start and when asked. @param {string} program @param {string} dir @param {string} repository @param {string} path */
async function open(program, dir, repository, path) {
  const [port = 0] = await freePorts(1);
  const log = join(dir, `gitops-${path}.log`);
  rmSync(log, { force: true });
  const running = launch({ name: `gitops ${path}`, command: program, args: [repository, '--path', path, '--default-namespace', path, '--namespaced', '--port', String(port), '--resync-seconds', '86400'], log, stopMs: 5_000 });
  let seen = 0;
  /** Seconds until the engine has told what became of everything. */
  const synced = async () => {
    const began = performance.now();
    await until(`gitops ${path}`, LIMIT_SECONDS, async () => {
      const text = readFileSync(log, 'utf8');
      if (!running.running() || /Failed to (synchronize|parse)/.test(text)) throw new Error(`gitops ${path}: ${text.slice(-1_500)}`);
      return (text.match(/^RESOURCE +RESULT/gm) ?? []).length > seen;
    });
    seen += 1;
    return Math.round((performance.now() - began) / 1_000);
  };
  return {
    synced,
    sync: async () => {
      await fetch(`http://127.0.0.1:${port}/api/v1/sync`);
      return synced();
    },
    stop: () => running.stop(),
  };
}

/** Migrations in the warehouse's database. @param {import('../kube.js').Kube} kube */
async function migrated(kube) {
  const [row] = await reader(kube)('warehouse')('', 'SELECT count(*)::int AS n FROM migration', []);
  return Number(row?.['n']);
}

/** @param {import('../kube.js').Kube} kube */
async function names(kube) {
  return (await kube.pods(PLATFORM, 'quan-so.vn/role=service')).filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name).sort().join(' ');
}
