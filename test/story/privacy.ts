import assert from 'node:assert/strict';
import { NUMBERS } from './cast.js';
import { eventually, type Story } from './world.js';

/** A run of exactly twelve digits, and people’s way to group them; the last group of a UUID is no such run. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Every JSON Web Token begins with the base64url of `{"`. */
const TOKEN = /eyJ[A-Za-z0-9_-]{6,}/;

/** No personal number, name or token in any span; `output` is what the platform wrote to its log, where we have it. */
export async function nothingPersonal(story: Story, output: string | undefined): Promise<void> {
  await story.step('Không số định danh, họ tên, token nào trong vết và nhật ký', 'No personal number, name or token in any trace or log line', async () => {
    const traces = await eventually('traces to look at', async () => {
      const text = await story.world.traces.everything();
      return text.includes('quanso.operation') ? text : undefined;
    });
    examine('a trace', traces, story);
    if (output !== undefined) examine('the log', output, story);
  });
}

function examine(what: string, text: string, story: Story): void {
  const bare = text.replace(UUID, '');
  for (const number of NUMBERS) assert.ok(!bare.includes(number), `${what} holds a personal number`);
  // The word of this telling stands in every name and summary, and nowhere else but in codes of the sending system.
  assert.ok(!bare.includes(story.mark), `${what} holds a name`);
  assert.ok(!/Đặng Thử|Thị Thử|Văn Thử/.test(bare), `${what} holds a name`);
  assert.ok(!TOKEN.test(bare), `${what} holds a token`);
}
