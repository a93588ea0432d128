import { type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { Refusal } from '@quan-so/contract';
import { readBody } from './body-reader.js';

const DAY = 86_400_000;

/** What the reader makes of a body: its length, or the code it was refused with. */
async function read(feed: (body: PassThrough) => void, ms = DAY): Promise<number | string> {
  const body = new PassThrough({ highWaterMark: 16 * 1024 * 1024 });
  feed(body);
  return readBody(body as unknown as IncomingMessage, ms).then(
    (bytes) => bytes.length,
    (error: unknown) => (error as Refusal).problem.code,
  );
}

describe('readBody', () => {
  it.each<[string, number | string, (body: PassThrough) => void]>([
    ['takes nothing', 0, (body) => body.end()],
    ['takes 256 KB in pieces', 262_144, (body) => [131_072, 131_072].map((size) => body.write(Buffer.alloc(size))) && body.end()],
    ['refuses one byte more, once it has all come', 'BODY_TOO_LARGE', (body) => body.end(Buffer.alloc(262_145))],
    ['does not wait for the end of what will not end', 'BODY_TOO_LARGE', (body) => body.write(Buffer.alloc(5 * 1024 * 1024))],
    ['gives up when the sender is gone', 'MALFORMED_REQUEST', (body) => body.write('{') && body.destroy()],
  ])('%s', async (_, expected, feed) => {
    expect(await read(feed)).toBe(expected);
  });
  it('gives up when the rest does not come', async () => {
    expect(await read((body) => body.write('{'), 20)).toBe('REQUEST_TIMEOUT');
  });
});
