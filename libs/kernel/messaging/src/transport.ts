import { type Sql } from '@quan-so/persistence';
import { type Batch, type Outgoing } from './message.js';
import { type Progress } from './progress.js';

/** Last place of each shard that can be taken now, by `topic/shard`. */
export type Ends = ReadonlyMap<string, number>;

export interface Take {
  /** Resolves with true when the batch is done for good; never throws. */
  (batch: Batch): Promise<boolean>;
}

/** Rows of one shard in their order. */
export interface Shipment {
  readonly topic: string;
  readonly shard: number;
  readonly rows: readonly Outgoing[];
}

/** Carries what the relay has to what the loop takes. Two of them: in process, and Kafka. */
export interface Transport {
  readonly name: 'local' | 'kafka';
  /**
   * Resolves when the rows are safe and marked as sent; when it throws, some may have arrived all the same. `lock` is the
   * connection that holds the locks of the shards, none of which is there twice.
   */
  send(lock: Sql, shipments: readonly Shipment[]): Promise<void>;
  /**
   * Begins to hand over batches, one of a shard at a time and in order; its own loops show their progress. `only` is told the
   * places (`topic/shard`) that are handed over here, whenever they are shared out anew among processes.
   */
  consume(topics: readonly string[], take: Take, progress: Progress, only: (places: readonly string[]) => void): Promise<void>;
  ends(topics: readonly string[]): Promise<Ends>;
  /** No batch is handed over any more; waits for the one that runs. */
  stopConsuming(): Promise<void>;
  close(): Promise<void>;
}
