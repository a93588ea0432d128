/** What the broker says of one partition and of the group that reads it. */
export interface Standing {
  readonly topic: string;
  readonly shard: number;
  /** First offset that can still be read, and the one that comes next. */
  readonly low: number;
  readonly high: number;
  /** Where the group would begin to read; undefined when it has told nothing, or the broker has forgotten it. */
  readonly committed: number | undefined;
}

/**
 * `level`: the broker knows of nothing that our database does not know. `ahead`: the group has taken what can still be read
 * and our database knows nothing of, though it is always told first: the database was put back. `another`: our place is
 * behind the end of the log: it is not the log we read.
 */
export type Level = 'level' | 'ahead' | 'another';

/** @param place the last offset that our database has taken */
export function levelOf({ low, high, committed }: Standing, place: number | undefined): Level {
  const next = (place ?? -1) + 1;
  if (next > high) return 'another';
  // A log that lost its end leaves a group that remembers more than there is.
  const taken = Math.min(committed ?? 0, high);
  return taken > next && low < taken ? 'ahead' : 'level';
}
