import { type FastifyReply } from 'fastify';
import { Refusal } from '@quan-so/contract';
import { SERVICE_UNAVAILABLE, SHUTTING_DOWN } from './problems.js';

/** What is in work, how much of it may be, and whether new work is taken at all. */
export class Traffic {
  #inFlight = 0;
  #draining = false;
  #onEmpty: (() => void) | undefined;

  constructor(private readonly most: number) {}

  get draining(): boolean {
    return this.#draining;
  }

  /** Counts a request until its answer has left; throws when it cannot be taken. */
  enter(reply: FastifyReply): void {
    if (this.#draining) throw new Refusal(SHUTTING_DOWN);
    if (this.#inFlight >= this.most) throw new Refusal(SERVICE_UNAVAILABLE);
    this.#inFlight += 1;
    reply.raw.once('close', () => {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#onEmpty?.();
    });
  }

  /** Takes nothing new; resolves when nothing is in flight, or after `ms`. */
  async drain(ms: number): Promise<void> {
    this.#draining = true;
    if (this.#inFlight === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
