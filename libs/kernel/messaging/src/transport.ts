import { type Sql } from '@quan-so/persistence';
import { type Batch, type Outgoing } from './message.js';
import { type Progress } from './progress.js';

/** Last place of each shard that can be taken now, by `topic/shard`. */
export type Ends = ReadonlyMap<string, number>;

export interface Take {
  /** Resolves with true when the batch is done for good; never throws. */
  (batch: Batch): Promise<boolean>;
}

/** Carries what the relay has to what the loop takes. Two of them: in process, and Kafka. */
export interface Transport {
  readonly name: 'local' | 'kafka';
  /** Resolves when the rows are safe and marked as sent; `lock` is the connection that holds the shard's lock. */
  send(lock: Sql, topic: string, shard: number, rows: readonly Outgoing[]): Promise<void>;
  /** Begins to hand over batches, one of a shard at a time and in order; its own loops show their progress. */
  consume(topics: readonly string[], take: Take, progress: Progress): Promise<void>;
  ends(topics: readonly string[]): Promise<Ends>;
  /** No batch is handed over any more; waits for the one that runs. */
  stopConsuming(): Promise<void>;
  close(): Promise<void>;
}
