/**
 * Runs one named statement with its values and answers its rows. The name is the prepared statement's and the span's:
 * kebab case, at most 63 bytes, always the same text. `timestamptz` comes as Date, `date` and `bigint` as text.
 */
export type Sql = <R>(name: string, text: string, values?: readonly unknown[]) => Promise<R[]>;

/** One step of a schema. Applied once, in its own transaction, and never edited afterwards. */
export interface Migration {
  /** Unique among everything a database holds, e.g. `0001-dossiers`. */
  readonly name: string;
  readonly up: string;
}
