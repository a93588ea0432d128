import { resolve } from 'node:path';
import { playStory } from '../story/story.js';
import { StepFailed, Story, type Told } from '../story/world.js';
import { readTour, TourError, type TourOptions } from './options.js';

/** `npm run tour`: plays the story on a running platform, a line per step, and ends with one line; exit code 1 when a step is not as promised. */
async function main(): Promise<void> {
  const options = readTour(process.argv.slice(2), process.env, resolve(import.meta.dirname, '..', '..', '..'));
  await demandReady(options.base);
  await demandServices(options);
  const began = performance.now();
  let steps = 0;
  if (!options.json) say(`\nMột hồ sơ đi qua Quận Số ở ${options.base} / one dossier through Quận Số\n`);
  const story = new Story(options.world, ({ look, ...step }) => {
    // A step that leaves nothing behind is seen by its requests, which stand on top there.
    const told = { ...step, look: look ?? `${options.base}/traces` };
    steps += 1;
    say(options.json ? JSON.stringify({ step: steps, ...told, ms: Math.round(told.ms) }) : lineOf(told));
  });
  await playStory(story, () => undefined);
  const ms = performance.now() - began;
  say(options.json ? JSON.stringify({ done: true, steps, ms: Math.round(ms) }) : `\nĐúng như hứa: ${steps} bước trong ${seconds(ms)} s / all ${steps} steps as promised.`);
}

/** Says at once that nothing runs there, instead of failing in the first step. */
async function demandReady(base: TourOptions['base']): Promise<void> {
  const ready = await fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  // A gateway in front leads to the services alone.
  if (ready?.status === 200 || ready?.status === 404) return;
  throw new TourError(
    ready === undefined
      ? `Không có Quận Số nào trả lời ở ${base}; mở bằng "npm start" ở cửa sổ khác.\nNo Quận Số answers there; open it with "npm start" in another window.`
      : `Quận Số ở ${base} chưa sẵn sàng (${ready.status}); xem ${base}/health/ready.\nQuận Số there is not ready; see that page.`,
  );
}

/** The story goes through all of them; a platform that was started with some of them is told which is missing. */
async function demandServices({ base, world }: TourOptions): Promise<void> {
  const answer = await fetch(`${base}/openapi/index.json`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  // Behind some other front there is no such list.
  if (answer?.status !== 200) return;
  const { services } = (await answer.json()) as { services: { service: string }[] };
  const missing = Object.keys(world.bases).filter((name) => !services.some(({ service }) => service === name));
  if (missing.length === 0) return;
  throw new TourError(
    `Quận Số ở ${base} chạy thiếu dịch vụ ${missing.join(', ')} mà câu chuyện đi qua; khởi động lại, không đặt SERVICES.\nThe story needs ${missing.join(', ')}, which does not run there; start again without SERVICES.`,
  );
}

function lineOf({ title, ms, look }: Told): string {
  const lines = [`  ✓ ${seconds(ms).padStart(5)} s  ${title.vi}`, `             ${title.en}`, ...(look === undefined ? [] : [`             ${look}`])];
  return lines.join('\n');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2).replace('.', ',');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The sentence for what went wrong: the step and what was seen. */
function sentenceOf(error: unknown): string {
  if (error instanceof TourError) return error.message;
  if (error instanceof StepFailed) return error.cause instanceof TourError ? error.cause.message : `  ✗ Không đúng như hứa / not as promised: ${error.message}`;
  return `  ✗ ${error instanceof Error ? error.message : String(error)}`;
}

// Who reads no further (`| head`) has seen enough: nothing of that is a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
