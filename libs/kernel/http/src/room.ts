/** So many are let in whatever happens; more than the connections to the database, so that none of those waits for work. */
const LEAST = 16;
const WINDOW_MS = 1_000;
/** Fewer answers say nothing of a second. */
const FEWEST = 20;
const MOST_TIMES = 1_000;
/** Twice as long as usual is what is promised to those who are let in; below the rest nobody is hurt. */
const LONGER = 2;
const LONGER_MS = 20;
/** A second may be slow for many reasons; a storm lasts. */
const SLOW_WINDOWS = 2;
const MOST_SHRINK = 0.25;
const GROW = 1.1;
const SMOOTH = 0.1;

/**
 * How many requests may be in work at once. All that can be served at once lengthen nobody's time; whoever comes on top
 * waits inside, and so does everybody else. So the room shrinks while answers take twice their usual time, and grows back
 * while it is full and they do not. Usual is what they took while few were inside; before that is known all are let in.
 */
export class Room {
  #room: number;
  #usualMs: number | undefined;
  #times: number[] = [];
  #peak = 0;
  #full = false;
  #slow = 0;
  #began: number;

  constructor(
    private readonly most: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#room = most;
    this.#began = now();
  }

  /** What is left of the whole room, above 0 and up to 1. */
  get share(): number {
    return this.#room / this.most;
  }

  /** Whether one more is let in where so many are. */
  admits(working: number): boolean {
    if (working >= this.#room) {
      this.#full = true;
      return false;
    }
    this.#peak = Math.max(this.#peak, working + 1);
    return true;
  }

  /** Somebody has left who was in work for so long. */
  left(ms: number): void {
    if (this.#times.length < MOST_TIMES) this.#times.push(ms);
    if (this.#times.length >= FEWEST && this.now() - this.#began >= WINDOW_MS) this.#look();
  }

  #look(): void {
    const median = this.#times.sort((a, b) => a - b)[this.#times.length >> 1] ?? 0;
    const calm = this.#peak <= LEAST && !this.#full;
    if (calm) this.#usualMs = this.#usualMs === undefined ? median : this.#usualMs + SMOOTH * (median - this.#usualMs);
    if (this.#usualMs !== undefined) this.#adapt((LONGER * this.#usualMs + LONGER_MS) / median, calm);
    this.#times = [];
    this.#peak = 0;
    this.#full = false;
    this.#began = this.now();
  }

  /** `share` of what is inside would take as long as it may: time in work grows with how many are there. */
  #adapt(share: number, calm: boolean): void {
    this.#slow = share < 1 ? this.#slow + 1 : 0;
    if (this.#slow >= SLOW_WINDOWS) this.#room = Math.max(Math.min(LEAST, this.most), Math.min(this.#room, Math.floor(Math.max(share, MOST_SHRINK) * this.#peak)));
    else if (this.#slow === 0 && this.#full) this.#room = Math.min(this.most, Math.ceil(GROW * this.#room));
    // Nothing is left of the storm.
    else if (calm) this.#room = this.most;
  }
}
