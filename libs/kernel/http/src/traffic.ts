import { type FastifyReply } from 'fastify';
import { Refusal } from '@quan-so/contract';
import { Room } from './room.js';
import { RATE_LIMITED, SERVICE_UNAVAILABLE, SHUTTING_DOWN } from './problems.js';

export interface TrafficLimits {
  /** Requests in work at once, at most; in a storm fewer (room.ts). */
  readonly inFlight: number;
  /** Of them one caller may have so many; of fewer, as many fewer. */
  readonly inFlightPerCaller: number;
}

/** What has come and not been answered, what of it is in work and for whom, and whether new work is taken at all. */
export class Traffic {
  #open = 0;
  #working = 0;
  readonly #byCaller = new Map<string, number>();
  #draining = false;
  #closed = false;
  #onEmpty: (() => void) | undefined;
  readonly #room: Room;

  constructor(private readonly limits: TrafficLimits) {
    this.#room = new Room(limits.inFlight);
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** What still comes on connections that are open is taken; every answer says that it is the last one on its connection. */
  leave(): void {
    this.#draining = true;
  }

  /** Counts a request until its answer has left; throws when none is taken any more. */
  enter(reply: FastifyReply): void {
    if (this.#closed) throw new Refusal(SHUTTING_DOWN);
    this.#open += 1;
    reply.raw.once('close', () => {
      this.#open -= 1;
      if (this.#open === 0) this.#onEmpty?.();
    });
  }

  /**
   * Lets the request of a known caller into work until its answer has left. Not before we know whose it is: who fills the
   * room with four hundred connections would keep everybody out.
   */
  work(caller: string, reply: FastifyReply): void {
    if (!this.#room.admits(this.#working)) throw new Refusal(SERVICE_UNAVAILABLE);
    const own = this.#byCaller.get(caller) ?? 0;
    // Of a room that has shrunk the same share: else one caller who is slow would shrink it and then fill it.
    const most = Math.ceil(this.limits.inFlightPerCaller * this.#room.share);
    if (own >= most) throw tooMany(most);
    this.#working += 1;
    this.#byCaller.set(caller, own + 1);
    const began = performance.now();
    reply.raw.once('close', () => {
      this.#leave(caller);
      this.#room.left(performance.now() - began);
    });
  }

  /** Takes nothing new; resolves when nothing is in flight, or after `ms`. */
  async drain(ms: number): Promise<void> {
    this.#draining = true;
    this.#closed = true;
    if (this.#open === 0 || ms <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  #leave(caller: string): void {
    this.#working -= 1;
    const left = (this.#byCaller.get(caller) ?? 1) - 1;
    if (left === 0) this.#byCaller.delete(caller);
    else this.#byCaller.set(caller, left);
  }
}

function tooMany(most: number): Refusal {
  const detail = {
    vi: `Đang có ${most} yêu cầu của bạn cùng lúc; chờ bớt rồi gửi tiếp.`,
    en: `${most} requests of yours are in work at once; wait for some of them.`,
  };
  return new Refusal(RATE_LIMITED, { detail, extra: { retryAfter: 1 } });
}
