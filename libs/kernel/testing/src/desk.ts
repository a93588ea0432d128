import { Agent, request as requestOf } from 'node:http';

export interface Answered {
  readonly status: number;
  /** The header: whether the connection is kept. */
  readonly connection: string | undefined;
  readonly text: string;
}

/** One who asks over a connection of its own, which is kept open as long as the other side does. */
export interface Desk {
  /** GET, or with a body POST. */
  ask(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** How many connections were opened until now. */
  opened(): number;
  leave(): void;
}

export function deskOf(base: string): Desk {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  const ask: Desk['ask'] = (path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const options = body === undefined ? { headers } : { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
      const request = requestOf(`${base}${path}`, { agent, ...options }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, text: Buffer.concat(chunks).toString() }));
      });
      request.on('socket', (socket) => sockets.add(socket)).on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return { ask, opened: () => sockets.size, leave: () => agent.destroy() };
}

/**
 * What is told to who knocks again and again, once nobody opens any more; before that it is answered. From within the same
 * process a knock may fall into the very turn that closes the door: then it is reset, and knocks once more.
 */
export async function untilTurnedAway(base: string): Promise<unknown> {
  for (;;) {
    const desk = deskOf(base);
    try {
      const { status } = await desk.ask('/health/live');
      if (status !== 200) throw new Error(`let in and answered ${status}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') return error;
    } finally {
      desk.leave();
    }
  }
}
