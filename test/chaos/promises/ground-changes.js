/** R8, R9, R19: a disk that is full, a clock that is wrong, a collector that never answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError } from '../../../tools/real/cache.js';
import { answersOk } from '../../../tools/real/process.js';
import { during, untilAcknowledged, WORDS } from './scene.js';

/** @typedef {import('../run.js').Stage} Stage */
/** @typedef {import('../run.js').Scene} Scene */

const FAKETIME = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'];
const BALLAST = 'ballast';

/** R8: the disk of the database is full for some seconds, or that of the broker. @param {'postgres' | 'kafka'} whose @param {number} seconds @returns {Scene} */
export function diskFull(whose, seconds) {
  let mounted = '';
  return {
    prepare: async (dir) => {
      mounted = join(dir, `small-${whose}`);
      mountSmall(mounted, whose === 'postgres' ? '600m' : '300m');
      return { changes: { places: { [whose]: mounted } }, undo: () => void spawnSync('umount', ['-l', mounted]) };
    },
    play: async ({ client, ground, sight }) => {
      await sleep(5_000);
      const seen = await during(client, async () => {
        fill(join(mounted, BALLAST));
        await sleep(seconds * 1_000);
      });
      rmSync(join(mounted, BALLAST));
      const { kafka } = ground;
      // A broker whose log cannot be written ends by itself, as it must; who watches it starts it again.
      const ended = whose === 'kafka' && kafka !== undefined && !isAlive(kafka.pid());
      if (ended) await kafka.again();
      const back = await untilAcknowledged(client, 30_000);
      sight.most(WORDS.failed, seen.failed, 0);
      if (whose === 'kafka') {
        sight.most('lệnh bị từ chối / commands refused', seen.shed, 0);
        sight.least('bên chuyển tự dừng rồi được khởi động lại / the broker ended and was started again', Number(ended), 1);
      } else {
        // None: nobody noticed the full disk, and nothing was shown.
        sight.least('trả lời 503 / answers 503', seen.shed, 1);
      }
      sight.tell(WORDS.acknowledged, seen.acknowledged);
      sight.most(WORDS.back, back, 30_000);
    },
  };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** @param {string} path @param {string} size */
function mountSmall(path, size) {
  mkdirSync(path, { recursive: true, mode: 0o711 });
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=711`, 'tmpfs', path], { encoding: 'utf8' });
  if (status !== 0) throw new PartError(`Không gắn được tmpfs (cần quyền root) / a tmpfs cannot be mounted (root is needed): ${stderr.trim()}`);
}

/** Until nothing more goes in. @param {string} path */
function fill(path) {
  spawnSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=64k'], { stdio: 'ignore' });
}

/** Seconds, from the last to the next; more than two and a service must not work by its clock. */
const JUMPS = ['+600', '+0', '-600', '+0', '+3', '-1', '+86400', '+0'];
const MOST_APART_SECONDS = 2;

/** R9: the clock of every service jumps both ways and back, while the database's stays. @param {number} seconds per case @returns {Scene} */
export function clockJumps(seconds) {
  let file = '';
  let began = 0;
  let shift = 0;
  return {
    prepare: async (dir) => {
      file = join(dir, 'clock');
      writeFileSync(file, '+0');
      const env = { LD_PRELOAD: libfaketime(), FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
      // The issuer is as wrong as they are: whether a token is good at a wrong clock is another question.
      return { changes: { env, clock: () => shift }, undo: () => undefined };
    },
    play: async ({ client, sight, ground }) => {
      began = Date.now();
      const bases = ground.instances.map(({ base }) => base);
      for (const jump of JUMPS) {
        shift = Number(jump);
        writeFileSync(file, jump);
        const right = Math.abs(shift) <= MOST_APART_SECONDS;
        await sleep(3_000);
        if (right) sight.most(`${jump} s: ${WORDS.back}`, await untilAcknowledged(client, 20_000), 10_000);
        const seen = await during(client, () => sleep(seconds * 1_000));
        const ready = (await Promise.all(bases.map((base) => answersOk(`${base}/health/ready`)))).filter(Boolean).length;
        sight.most(`${jump} s: ${WORDS.failed}`, seen.failed, 0);
        if (right) sight.least(`${jump} s: tiến trình sẵn sàng / processes ready`, ready, bases.length);
        else sight.most(`${jump} s: tiến trình sẵn sàng / processes ready`, ready, 0);
        if (!right) sight.most(`${jump} s: lệnh được nhận theo đồng hồ sai / commands taken by a wrong clock`, seen.acknowledged, 0);
      }
    },
    judge: async ({ read, sight }) => {
      const span = [new Date(began - 120_000), new Date()];
      const wrong = async (/** @type {string} */ name, /** @type {string} */ text) => Number((await read('dossiers')(name, text, span))[0]?.['n']);
      sight.most('hồ sơ có lúc nhận sai / dossiers received at a time that never was', await wrong('chaos-received', 'SELECT count(*)::int AS n FROM dossier WHERE received_at < $1 OR received_at > $2'), 0);
      sight.most('bước có lúc làm sai / steps done at a time that never was', await wrong('chaos-steps', 'SELECT count(*)::int AS n FROM dossier_history WHERE at < $1 OR at > $2'), 0);
    },
  };
}

function libfaketime() {
  const found = () => FAKETIME.find((path) => existsSync(path));
  if (found() === undefined && process.getuid?.() === 0) {
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'faketime'], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  }
  const path = found();
  if (path === undefined) throw new PartError('Cần libfaketime (gói Debian faketime; tự cài khi chạy bằng root) / libfaketime is needed (Debian package faketime; installed by itself when run as root).');
  // It must be loadable before anything is judged by it.
  execFileSync(process.execPath, ['-e', ''], { env: { ...process.env, LD_PRELOAD: path } });
  return path;
}

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
const CALM_MS = 20_000;

/** R19: traces go to a collector that answers for a while, then takes connections and never answers. @returns {Scene} */
export function collectorHangs() {
  const sockets = new Set();
  let hangs = false;
  let silent = 0;
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    if (hangs) silent += 1;
    else socket.once('data', () => socket.end(GOOD));
  });
  return {
    prepare: async () => {
      await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      const undo = () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      };
      return { changes: { env: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } }, undo };
    },
    play: async ({ client, sight, plan }) => {
      await sleep(CALM_MS / 2);
      const usual = await during(client, () => sleep(CALM_MS));
      hangs = true;
      const seen = await during(client, () => sleep(CALM_MS));
      const stops = await during(client, plan);
      sight.least('kết nối không được trả lời / connections never answered', silent, 1);
      sight.most(WORDS.failed, seen.failed + stops.failed, 0);
      sight.most(WORDS.shed, seen.shed, 0);
      sight.tell('p99 khi nơi nhận trả lời, ms / p99 while it answers, ms', usual.p99);
      // Of a few hundred requests on a machine that does other things too: a p99 says no more than that.
      sight.most('p99 khi nơi nhận treo, ms / p99 while it hangs, ms', seen.p99, Math.max(100, Math.round(1.5 * usual.p99)));
    },
  };
}
