import { logTo } from '@quan-so/observability';
import { EmbeddedPostgres } from './embedded.js';
import { type Server } from './embedded.server.js';

/** A server that ends when it is told to. */
function serverOf(pid: number): Server & { end(): void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { pid, port: 1, ended, end: () => end(), stop: async () => undefined };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('a PostgreSQL that ended because its disk is full', () => {
  beforeAll(() => logTo(() => undefined));
  afterAll(() => logTo());

  it('is started again as soon as there is room, however often it could not be before', async () => {
    const first = serverOf(1);
    let [tries, full, gone] = [0, true, false];
    const again = async (): Promise<Server> => {
      tries += 1;
      // More often than is taken for a fault, at two seconds each.
      if (tries === 4) full = false;
      if (full) throw new Error('No space left on device');
      return serverOf(2);
    };
    const postgres = new EmbeddedPostgres(first, 'x', { again, full: async () => full });
    postgres.onGone(() => (gone = true));
    first.end();
    await until(() => postgres.pid === 2);
    expect([tries, gone]).toEqual([4, false]);
    await postgres.stop();
  }, 20_000);

  it('and one that does not start for another reason is given up after three', async () => {
    const first = serverOf(1);
    let [tries, gone] = [0, false];
    const again = async (): Promise<Server> => {
      tries += 1;
      throw new Error('damaged');
    };
    const postgres = new EmbeddedPostgres(first, 'x', { again, full: async () => false });
    postgres.onGone(() => (gone = true));
    first.end();
    await until(() => gone);
    expect(tries).toBe(3);
    await postgres.stop();
  }, 20_000);
});
