/** So many are let in whatever happens: work for every processor while one of them waits for the database. */
const LEAST = 4;
/** Few inside: what answers take then is what they take by themselves. */
const FEW = 16;
const WINDOW_MS = 1_000;
/** Fewer answers say nothing of a second. */
const FEWEST = 20;
const MOST_TIMES = 1_000;
/** Of ten who are let in nine are looked at: the last may be slow for reasons of their own. */
const SHARE = 0.9;
/** Twice as long as usual is what is promised to those who are let in; below the rest nobody sees a difference. */
const LONGER = 2;
const NOTICED_MS = 30;
/** A second may be slow for many reasons; a storm lasts. */
const SLOW_WINDOWS = 2;
const MOST_SHRINK = 0.25;
const GROW = 1.1;
const SMOOTH = 0.1;
/** So long is calm, or slow with the fewest inside, before it is believed. */
const LONG_WINDOWS = 10;

/**
 * How many requests may be in work at once. All that can be served at once lengthen nobody's time; whoever comes on top
 * waits inside, and so does everybody else. So the room shrinks while answers take twice their usual time, and grows back
 * step by step while they do not. Usual is what they took while few were inside; before that is known all are let in.
 * Where answers stay slow with the fewest inside, the crowd is not the reason, and slow is what is usual now.
 */
export class Room {
  #room: number;
  #usualMs: number | undefined;
  #times: number[] = [];
  #peak = 0;
  #full = false;
  #slow = 0;
  #calm = 0;
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
    const ms = this.#times.sort((a, b) => a - b)[Math.floor(SHARE * this.#times.length)] ?? 0;
    const few = this.#peak <= FEW && !this.#full;
    // In a room that has shrunk few are inside because of the storm.
    if (few && this.#room === this.most) this.#usualMs = this.#usualMs === undefined ? ms : this.#usualMs + SMOOTH * (ms - this.#usualMs);
    if (this.#usualMs !== undefined) this.#adapt(Math.max(LONGER * this.#usualMs, NOTICED_MS) / ms, few);
    if (this.#slow > LONG_WINDOWS && this.#room === this.#least) this.#usualMs = ms;
    this.#times = [];
    this.#peak = 0;
    this.#full = false;
    this.#began = this.now();
  }

  /** `share` of what is inside would take as long as it may: time in work grows with how many are there. */
  #adapt(share: number, few: boolean): void {
    this.#slow = share < 1 ? this.#slow + 1 : 0;
    this.#calm = few && share >= 1 ? this.#calm + 1 : 0;
    const storm = this.#slow >= SLOW_WINDOWS || this.#room < this.most;
    if (this.#slow > 0) {
      if (storm) this.#room = Math.max(this.#least, Math.min(this.#room, Math.floor(Math.max(share, MOST_SHRINK) * this.#peak)));
    } else if (this.#calm > LONG_WINDOWS) this.#room = this.most;
    else if (few || this.#full) this.#room = Math.min(this.most, Math.ceil(GROW * this.#room));
  }

  get #least(): number {
    return Math.min(LEAST, this.most);
  }
}
