/** R8, R9, R19: a disk that is full, a clock that is wrong, a collector that never answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PartError } from '../../../tools/real/cache.js';
import { during, must, noneDied, untilAcknowledged } from './scene.js';

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
    play: async (stage) => {
      await sleep(5_000);
      const seen = await during(stage.client, async () => {
        fill(join(mounted, BALLAST));
        await sleep(seconds * 1_000);
      });
      rmSync(join(mounted, BALLAST));
      const { kafka } = stage.ground;
      // A broker whose log cannot be written ends by itself, as it must; who watches it starts it again.
      const ended = whose === 'kafka' && kafka !== undefined && !isAlive(kafka.pid());
      if (ended) await kafka.again();
      const back = await untilAcknowledged(stage.client, 30_000);
      stage.tell(`disk of ${whose} full ${seconds} s: acknowledged ${seen.acknowledged}, 503 ${seen.shed}, other 5xx ${seen.failed}; acknowledged again after ${back} ms${ended ? '; the broker had ended and was started again' : ''}`);
      return [
        ...must(seen.failed === 0, `disk full: ${seen.failed} answers 5xx other than 503`),
        ...must(whose === 'postgres' || seen.shed === 0, `disk of the broker full: ${seen.shed} commands refused`),
        ...must(whose === 'kafka' ? ended : seen.shed > 0, 'nobody noticed the full disk: nothing was shown'),
        ...must(back <= 30_000, 'nothing was acknowledged within 30 s after there was room again'),
      ];
    },
    judge: noneDied,
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

/** R9: the clock of every service jumps by ten minutes both ways, and back, while the database's stays. @param {number} seconds per case @returns {Scene} */
export function clockJumps(seconds) {
  const cases = ['+600', '+0', '-600', '+0', '+2', '-2', '+86400', '+0'];
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
    play: async ({ client, tell, ground }) => {
      began = Date.now();
      const found = [];
      for (const jump of cases) {
        shift = Number(jump);
        writeFileSync(file, jump);
        await sleep(2_000);
        const seen = await during(client, () => sleep(seconds * 1_000));
        tell(`clock ${jump} s: acknowledged ${seen.acknowledged}, 503 ${seen.shed}, other 5xx ${seen.failed}, ready ${ground.instances.filter(({ ready }) => ready).length}/${ground.instances.length}`);
        found.push(...must(seen.failed === 0, `clock ${jump}: ${seen.failed} answers 5xx other than 503`));
      }
      return found;
    },
    judge: async (end) => {
      const [row] = await end.read('dossiers')('chaos-clock', 'SELECT count(*)::int AS n FROM dossier WHERE received_at < $1 OR received_at > $2', [new Date(began - 120_000), new Date()]);
      return [...must(row?.['n'] === 0, `${row?.['n']} dossiers were received at a time that never was: their deadlines are wrong`), ...noneDied(end)];
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

/** R19: traces go to a collector that takes connections and never answers. @returns {Scene} */
export function collectorHangs() {
  const sockets = new Set();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
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
    judge: (end) => {
      const { failed, shed } = end.client.counts;
      end.tell(`connections that were never answered: ${sockets.size}; 503 ${shed}, other 5xx ${failed}, longest command ${end.client.counts.longestMs} ms`);
      return [...must(sockets.size > 0, 'nobody sent a trace: nothing was shown'), ...must(failed === 0, `${failed} answers 5xx other than 503`), ...noneDied(end)];
    },
  };
}
