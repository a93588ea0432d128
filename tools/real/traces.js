/**
 * `npm run traces`: Zipkin for a platform on this machine. The platform is told by the two variables it prints, the
 * standard ones of OpenTelemetry; nothing else knows where spans go.
 */
import { rmSync } from 'node:fs';
import { PartError, workFolder } from './cache.js';
import { isFree, whenToldToStop } from './process.js';
import { startZipkin } from './zipkin.js';

const DEFAULT_PORT = '9411';

async function main() {
  const port = portOf(process.env.ZIPKIN_PORT ?? DEFAULT_PORT);
  if (!(await isFree(port))) throw new PartError(`Cổng ${port} đang bận; chọn cổng khác bằng ZIPKIN_PORT / port ${port} is taken; ZIPKIN_PORT names another.`);
  const dir = workFolder('quan-so-traces');
  try {
    await runUntilTold(dir, port);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {string} dir @param {number} port */
async function runUntilTold(dir, port) {
  /** @type {Promise<string>} */
  const told = new Promise((resolve) => whenToldToStop(resolve));
  console.log('Đang mở Zipkin (lần đầu tải 135 MB) / starting Zipkin (the first time fetches 135 MB)…');
  const starting = startZipkin({ dir, port });
  const zipkin = await Promise.race([starting, told.then(() => undefined)]);
  if (zipkin === undefined) {
    // Told while it starts: wait for it to be up, then take it down; the keeper ends it when this process is killed.
    await (await starting.catch(() => undefined))?.stop();
    return;
  }
  console.log(screen(zipkin));
  const reason = await Promise.race([told, zipkin.program.ended.then(() => 'ended')]);
  if (reason === 'ended') throw new PartError(`Zipkin đã dừng / ended:\n${zipkin.program.output().split('\n').slice(-10).join('\n')}`);
  await zipkin.stop();
}

/** @param {import('./zipkin.js').Zipkin} zipkin */
function screen({ url, endpoint }) {
  return `
  Vết / traces      ${url}

  Mở nền tảng ở cửa sổ khác với / start the platform in another window with:

    OTEL_TRACES_EXPORTER=zipkin OTEL_EXPORTER_ZIPKIN_ENDPOINT=${endpoint} npm start

  Tìm theo mã hồ sơ / find by dossier code: annotationQuery  quanso.dossier.code=…
  Ctrl-C dừng; vết chỉ nằm trong bộ nhớ / stops; traces are kept in memory only.
`;
}

/** @param {string} text */
function portOf(text) {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) throw new PartError('ZIPKIN_PORT là số từ 1 đến 65535 / is a number from 1 to 65535.');
  return port;
}

main().catch((error) => {
  console.error(error instanceof PartError ? error.message : error);
  process.exitCode = 1;
});
