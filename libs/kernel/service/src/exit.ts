/** How the process ends; the README says what to do about each. */
export const EXIT = {
  /** It stopped because it was told to, or it has migrated. */
  done: 0,
  /** It could not start, or a part of the way down failed. */
  failed: 1,
  /** Unknown argument (EX_USAGE of sysexits). */
  usage: 64,
  /** A route that does not say who may call it, an event nobody takes: a defect of this version (EX_SOFTWARE). */
  defect: 70,
  /** The database is on another timeline than at the start: a new process compares and goes on. */
  again: 70,
  /** The configuration cannot be used; one sentence says what (EX_CONFIG). */
  config: 78,
} as const;
