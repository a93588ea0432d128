/**
 * The bundle, as its own README tells it: sums compared, images into a registry inside the nodes' network, secrets and both
 * releases from the unpacked folder alone. The nodes have none of the images before, and no way out.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { answersOk, launch, waitFor } from '../../real/process.js';
import { cleared, seconds } from '../installed.js';
import { ask } from '../kube.js';
import { forgetImages, waysOut } from '../lab.js';
import { AUTHORITY, namespace, PLATFORM, STORES } from '../place.js';

const PORT = 5_000;
const READY_MS = 30_000;

/** @type {import('./steps.js').Step} */
export const registry = {
  id: 'registry',
  vi: 'gói cài đặt vào kho ảnh trong mạng của các máy, không ra được đâu khác, rồi cài từ gói',
  en: 'the bundle into a registry in the network of the nodes, nothing else reachable, then installed from the bundle',
  run: async (stage) => {
    const { kube, lab, dir, bundle } = stage;
    if (lab === undefined || bundle === undefined) return undefined;
    const out = await waysOut(lab);
    if (out !== '') throw new Error(`có đường ra ngoài / there is a way out: ${out}`);
    await cleared(stage);
    await forgetImages(lab);
    const place = join(dir, 'bundle');
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    await said('tar', ['-x', '-f', bundle, '-C', place, '--strip-components=1']);
    const address = networkInterfaces()['cable']?.find(({ family }) => family === 'IPv4')?.address ?? '';
    const host = `${address}:${PORT}`;
    const server = await open(dir, address, join(lab, 'certs.d', host));
    try {
      const began = performance.now();
      await said(join(place, 'load'), [host, '--dest-tls-verify=false']);
      const loaded = performance.now();
      await kube.apply([STORES, PLATFORM].map(namespace));
      stage.isOurs = true;
      await said(process.execPath, [join(place, 'secrets', 'secrets.js'), 'make']);
      await said(process.execPath, [join(place, 'secrets', 'secrets.js'), 'accounts', '--authority', AUTHORITY]);
      const chart = (/** @type {string} */ name) => join(place, 'charts', readdirSync(join(place, 'charts')).find((file) => file.startsWith(`${name}-`)) ?? name);
      const values = ['-f', join(place, 'images.yaml'), '--set', `global.imageRegistry=${host}`, '--wait', '--timeout', '10m'];
      await kube.helm(['install', 'datastores', chart('datastores'), '-n', STORES, ...values, '--set', `authority=${AUTHORITY}`]);
      await kube.helm(['install', 'quan-so', chart('quan-so'), '-n', PLATFORM, '-f', join(place, 'profiles', 'ward.yaml'), ...values]);
      const installed = performance.now();
      await kube.helm(['test', 'quan-so', '-n', PLATFORM, '--timeout', '180s']);
      const pods = await stage.pods();
      const images = pods.flatMap(({ status }) => (status.containerStatuses ?? []).map((/** @type {any} */ { image }) => String(image)));
      const others = images.filter((image) => !image.startsWith(`${host}/`));
      if (others.length > 0) throw new Error(`không từ kho ấy / not from that registry: ${others.join(' ')}`);
      const pulls = readFileSync(server.log, 'utf8').split('\n').filter((line) => line.includes('containerd/') && /GET \/v2\/[^ ]+\/blobs\//.test(line)).length;
      if (pulls === 0) throw new Error('không máy nào lấy ảnh từ kho / no node took an image from the registry');
      return { 'gói, MB / bundle, MB': Math.round(statSync(bundle).size / 1_000_000), 'vào kho, s / into the registry, s': seconds(began, loaded), 'cài, s / install, s': seconds(loaded, installed), 'lớp đã lấy / layers taken': pulls, 'pod': pods.length };
    } finally {
      await server.stop();
    }
  },
};

/** Debian's registry, and word of it to the containerd of the nodes. @param {string} dir @param {string} address @param {string} hosts */
async function open(dir, address, hosts) {
  const [config, log, blobs] = [join(dir, 'registry.yml'), join(dir, 'registry.log'), join(dir, 'registry')];
  rmSync(blobs, { recursive: true, force: true });
  writeFileSync(config, `version: 0.1\nlog: {accesslog: {disabled: false}}\nstorage: {filesystem: {rootdirectory: ${blobs}}}\nhttp: {addr: '${address}:${PORT}'}\n`);
  mkdirSync(hosts, { recursive: true });
  writeFileSync(join(hosts, 'hosts.toml'), `server = "http://${address}:${PORT}"\n[host."http://${address}:${PORT}"]\n  capabilities = ["pull", "resolve"]\n`);
  const program = launch({ name: 'docker-registry', command: 'docker-registry', args: ['serve', config], log, stopMs: 5_000 });
  await waitFor(program, () => answersOk(`http://${address}:${PORT}/v2/`), READY_MS);
  const stop = async () => {
    await program.stop();
    rmSync(blobs, { recursive: true, force: true });
    rmSync(hosts, { recursive: true, force: true });
  };
  return { log, stop };
}

/** @param {string} program @param {readonly string[]} args */
async function said(program, args) {
  const { code, output, stdout } = await ask(program, args);
  if (code !== 0) throw new Error(`${program} ${args.slice(0, 2).join(' ')}: ${output.slice(-1_000)}`);
  return stdout;
}
