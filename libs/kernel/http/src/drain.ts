import { type Server } from 'node:http';
import { Server as Listener } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** What answers behind a listener: the traffic of one service, or several services behind one port. */
export interface Departing {
  /** Every answer from here on is the last one on its connection. */
  leave(): void;
  /** Takes nothing new; resolves when nothing is in work, or after `ms`. */
  drain(ms: number): Promise<void>;
}

/**
 * The way down of a door: nobody new is let in, who is inside is answered. A connection that is kept open may have a request
 * under way at the very moment it is closed, and its sender would never know whether it was done; so connections are not
 * closed but end by themselves: with the next answer, which says `Connection: close`, or when they have been idle for as
 * long as every answer allows (`Keep-Alive: timeout=5`). A new connection is refused, which a proxy takes for what it is.
 * Without a listener of its own the door only refuses. Resolves when nothing is left, or after `ms`; then all is refused.
 */
export async function drain(server: Server, behind: readonly Departing[], ms: number): Promise<void> {
  const ends = Date.now() + ms;
  // First the listener: once answers end their connections, everybody comes on a new one.
  if (server.listening) await quickTurn();
  const empty = server.listening ? emptied(server, ms) : undefined;
  for (const one of behind) one.leave();
  await empty;
  await Promise.all(behind.map((one) => one.drain(ends - Date.now())));
}

/** A turn of the event loop this short has just taken in everybody who knocked. */
const QUICK_MS = 2;
const PATIENCE_MS = 100;

/**
 * The system resets whoever has connected and was not let in yet when the listener goes; they would be told neither that
 * they are refused nor what became of their request. Resolves right after a short turn, with hardly anybody at the door.
 */
async function quickTurn(): Promise<void> {
  const ends = performance.now() + PATIENCE_MS;
  for (let took = Number.POSITIVE_INFINITY; took > QUICK_MS && performance.now() < ends; ) {
    const began = performance.now();
    await turn();
    took = performance.now() - began;
  }
}

async function emptied(server: Server, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    server.once('close', resolve);
    timer = setTimeout(resolve, ms);
    // Not the close of node:http: it cuts the connections that are idle right now.
    Listener.prototype.close.call(server);
  });
  clearTimeout(timer);
}
