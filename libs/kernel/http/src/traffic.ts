import { type FastifyReply } from 'fastify';
import { Refusal } from '@quan-so/contract';
import { Room } from './room.js';
import { RATE_LIMITED, SERVICE_UNAVAILABLE, SHUTTING_DOWN } from './problems.js';

export interface TrafficLimits {
  /** Requests that may be here at once, from the moment we know whose they are until their answer has left. */
  readonly inFlight: number;
  /** Of them one caller may have so many. */
  readonly inFlightPerCaller: number;
}

/** What has come and not been answered, what of it is in work and for whom, and whether new work is taken at all. */
export class Traffic {
  #open = 0;
  readonly #here = new Crowd();
  readonly #working = new Crowd();
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
   * Gives the request of a known caller a place until its answer has left. Not before we know whose it is: who fills all
   * places with four hundred connections would keep everybody out.
   */
  seat(caller: string, reply: FastifyReply): void {
    if (this.#here.all >= this.limits.inFlight) throw new Refusal(SERVICE_UNAVAILABLE);
    if (this.#here.of(caller) >= this.limits.inFlightPerCaller) throw tooMany(this.limits.inFlightPerCaller);
    this.#here.come(caller);
    reply.raw.once('close', () => this.#here.go(caller));
  }

  /**
   * Lets a request into work that is here as a whole: who sends or reads slowly takes a place and none of a room that a
   * storm has made small. The answer is called once, when the work is done.
   */
  begin(caller: string): () => void {
    if (!this.#room.admits(this.#working.all) || this.#working.of(caller) >= this.#room.each) throw new Refusal(SERVICE_UNAVAILABLE);
    this.#working.come(caller);
    const began = performance.now();
    return () => {
      this.#working.go(caller);
      this.#room.left(performance.now() - began);
    };
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
}

/** How many there are, and of whom. */
class Crowd {
  all = 0;
  readonly #byCaller = new Map<string, number>();

  of(caller: string): number {
    return this.#byCaller.get(caller) ?? 0;
  }

  come(caller: string): void {
    this.all += 1;
    this.#byCaller.set(caller, this.of(caller) + 1);
  }

  go(caller: string): void {
    this.all -= 1;
    const left = this.of(caller) - 1;
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
