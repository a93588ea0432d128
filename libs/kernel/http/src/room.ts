/** So many are let in whatever happens: work for every processor while one of them waits for the database. */
const LEAST = 4;
/** Few inside: what answers take then is what they take by themselves. */
const FEW = 16;
const WINDOW_MS = 1_000;
/** Fewer answers say nothing of a second, and fewer in ten seconds are no crowd's. */
const FEWEST = 20;
const MOST_TIMES = 1_000;
/** Of ten who are let in nine are looked at: the last may be slow for reasons of their own. */
const SHARE = 0.9;
/** Twice as long as usual is what is promised to those who are let in; below the rest nobody sees a difference. */
const LONGER = 2;
const NOTICED_MS = 20;
/** A second may be slow for many reasons; a storm lasts. */
const SLOW_WINDOWS = 2;
const MOST_SHRINK = 0.25;
const GROW = 1.1;
/** Where the crowd was not the reason there is no need for care. */
const GROW_QUICKLY = 2;
/** With the fewest inside still so many times longer than it may be: that is no crowd's doing. */
const BEYOND = 4;
const SMOOTH = 0.1;
/** So long is calm, or slow with the fewest inside, before it is believed. */
const LONG_MS = 10_000;

/**
 * How many requests may be in work at once. All that can be served at once lengthen nobody's time; whoever comes on top
 * waits inside, and so does everybody else. So the room shrinks while many are inside and answers take twice their usual
 * time, and grows back step by step while they do not. Usual is what they took while few were inside of a whole room;
 * before that is known all are let in. Where answers stay very slow with the fewest inside, the crowd is not the reason:
 * slow is what is usual now.
 */
export class Room {
  #room: number;
  #usualMs: number | undefined;
  #times: number[] = [];
  #peak = 0;
  #full = false;
  #slow = 0;
  #step = GROW;
  #slowSince: number | undefined;
  #calmSince: number | undefined;
  #began: number;

  constructor(
    private readonly most: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#room = most;
    this.#began = now();
  }

  /** What one caller may have of it: of a room that has shrunk half, so that nobody fills it alone. */
  get each(): number {
    return this.#whole ? this.most : Math.ceil(this.#room / 2);
  }

  /** Whether one more is let in where so many are. */
  admits(working: number): boolean {
    if (this.now() - this.#began >= LONG_MS) this.#look();
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
    const since = this.now() - this.#began;
    if (since >= LONG_MS || (since >= WINDOW_MS && this.#times.length >= FEWEST)) this.#look();
  }

  get #whole(): boolean {
    return this.#room === this.most;
  }

  get #least(): number {
    return Math.min(LEAST, this.most);
  }

  #look(): void {
    if (this.#times.length < (this.#whole ? LEAST : FEWEST)) this.#open();
    else this.#judge(this.#times.sort((a, b) => a - b)[Math.floor(SHARE * this.#times.length)] ?? 0);
    this.#times = [];
    this.#peak = 0;
    this.#full = false;
    this.#began = this.now();
  }

  #judge(ms: number): void {
    const few = this.#peak <= FEW && !this.#full;
    if (few && this.#whole) {
      // Nobody crowds anybody: this is what it takes.
      this.#usualMs = this.#usualMs === undefined ? ms : this.#usualMs + SMOOTH * (ms - this.#usualMs);
      this.#slow = 0;
    } else if (this.#usualMs !== undefined) {
      const share = Math.max(LONGER * this.#usualMs, NOTICED_MS) / ms;
      if (share < 1) this.#shrink(share, ms);
      else this.#grow(few);
    }
  }

  /** `share` of what is inside would take as long as it may: time in work grows with how many are there. */
  #shrink(share: number, ms: number): void {
    this.#calmSince = undefined;
    this.#slowSince ??= this.now();
    this.#slow += 1;
    if (this.#whole && this.#slow < SLOW_WINDOWS) return;
    if (this.#room === this.#least && share * BEYOND < 1 && this.now() - this.#slowSince >= LONG_MS) {
      this.#usualMs = ms;
      this.#step = GROW_QUICKLY;
      return;
    }
    this.#step = GROW;
    this.#room = Math.max(this.#least, Math.min(this.#room, Math.floor(Math.max(share, MOST_SHRINK) * this.#peak)));
  }

  #grow(few: boolean): void {
    this.#slow = 0;
    this.#slowSince = undefined;
    if (!few) this.#calmSince = undefined;
    else this.#calmSince ??= this.now();
    if (this.#calmSince !== undefined && this.now() - this.#calmSince >= LONG_MS) this.#open();
    else if (few || this.#full) this.#room = Math.min(this.most, Math.ceil(this.#step * this.#room));
  }

  #open(): void {
    this.#room = this.most;
    this.#step = GROW;
    this.#slow = 0;
    this.#slowSince = undefined;
    this.#calmSince = undefined;
  }
}
