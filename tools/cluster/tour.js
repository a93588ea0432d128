/**
 * `npm run tour:cluster -- ACCOUNTS [--json]`: the tour on the platform that is installed in the cluster of KUBECONFIG, in the
 * namespaces of charts/README.md, through forwarded ports and a front door on this machine. ACCOUNTS is what
 * `secrets.js accounts --to` wrote. The tour makes dossiers; otherwise nothing in the cluster is changed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { services } from '../layers.js';
import { PartError, told } from '../real/cache.js';
import { answersOk, freePorts, launch, waitFor } from '../real/process.js';
import { forward } from './forward.js';
import { ISSUER, KEYCLOAK, PLATFORM, ROOT, STORES } from './place.js';

/** Loopback of its own: tokens name Keycloak's port 8080, which may be taken on 127.0.0.1, and by a run of the steps on theirs. */
const KEYCLOAK_HERE = '127.78.0.1';
const OPEN_MS = 10_000;

async function main() {
  const [accounts, ...flags] = process.argv.slice(2);
  if (accounts === undefined || accounts.startsWith('-')) throw new PartError('npm run tour:cluster -- accounts.json [--json]   (node tools/charts/secrets.js accounts --authority … --to accounts.json)');
  const dir = mkdtempSync(join(tmpdir(), 'quan-so-tour-'));
  /** @type {{ stop: () => Promise<void> }[]} */
  const open = [];
  const way = async (/** @type {Parameters<typeof forward>[1]} */ to) => {
    const one = await forward(dir, to);
    open.push(one);
    return one.base;
  };
  try {
    const routes = [];
    for (const { name } of services) routes.push([`/api/${name}`, ...hostOf(await way({ namespace: PLATFORM, target: `service/${name}`, port: 80 }))]);
    await way({ namespace: STORES, target: 'service/keycloak', port: 8080, address: KEYCLOAK_HERE, local: 8080 });
    const zipkin = await way({ namespace: STORES, target: 'service/zipkin', port: 9411 });
    const [port = 0] = await freePorts(1);
    const front = launch({ name: 'front door', command: process.execPath, args: [join(import.meta.dirname, 'in-cluster', 'gateway.js')], log: join(dir, 'front.log'), env: { ...process.env, ROUTES: JSON.stringify(routes), HOST: '127.0.0.1', PORT: String(port) }, stopMs: 2_000 });
    open.push(front);
    const base = `http://127.0.0.1:${port}`;
    await waitFor(front, () => answersOk(`${base}/gateway`), OPEN_MS);
    process.exitCode = await play([`--base=${base}`, ...flags], {
      ...process.env, NODE_OPTIONS: `--import ${join(import.meta.dirname, 'names.js')}`, NAMES: JSON.stringify({ [KEYCLOAK]: KEYCLOAK_HERE }),
      QUANSO_ISSUER: ISSUER, QUANSO_ACCOUNTS: resolve(accounts), QUANSO_ZIPKIN: zipkin,
    });
  } finally {
    await Promise.all(open.map((one) => one.stop()));
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {string} base @returns {[string, number]} */
function hostOf(base) {
  const { hostname, port } = new URL(base);
  return [hostname, Number(port)];
}

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<number>} exit code */
function play(args, env) {
  const child = spawn(process.execPath, [join(ROOT, 'test', 'dist', 'tour', 'main.js'), ...args], { env, stdio: 'inherit' });
  return new Promise((done, failed) => child.once('error', failed).once('close', (code) => done(code ?? 1)));
}

await told(main);
