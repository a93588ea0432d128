/** Since when the oldest event of each place (`topic/shard`) that came here has been waiting. */
export class Waiting {
  /** No entry where all that came has its effect. */
  readonly #since = new Map<string, number>();
  #mine: ReadonlySet<string> | undefined;

  began(place: string, since: number): void {
    this.#since.set(place, since);
  }

  over(place: string): void {
    this.#since.delete(place);
  }

  /** What others take from now on waits with them; also what is still on its way here from before. */
  only(mine: readonly string[]): void {
    this.#mine = new Set(mine);
    for (const place of this.#since.keys()) if (!this.#mine.has(place)) this.#since.delete(place);
  }

  /** The longest wait; 0 when nothing waits. */
  ms(now: number): number {
    const since = [...this.#since].flatMap(([place, at]) => (this.#mine?.has(place) ?? true ? [at] : []));
    return now - Math.min(now, ...since);
  }
}
