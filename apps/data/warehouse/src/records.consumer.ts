import { Injectable } from '@nestjs/common';
import { findDataset, RecordChanged, recordProducers, type RecordChangedData } from '@quan-so/contracts-data';
import { Consumes, type ConsumerTx, type Received } from '@quan-so/messaging';
import { latestOf, versionOf } from './record.rules.js';
import { keepHeard, keepHistory, takeLatest } from './records.queries.js';

/**
 * Takes what owners tell about their records. Three statements for a batch, in the transaction of the inbox: the last
 * version wins, every version stays in history, gaps are not waited for.
 */
@Injectable()
export class RecordsConsumer {
  @Consumes(RecordChanged, { from: recordProducers })
  async take(batch: readonly Received<RecordChangedData>[], tx: ConsumerTx): Promise<void> {
    for (const received of batch) demandOwner(received);
    const versions = batch.map(({ event }) => versionOf(event.data, event.traceparent));
    await takeLatest(tx.sql, latestOf(versions));
    await keepHistory(tx.sql, versions);
    await keepHeard(
      tx.sql,
      batch.map(({ event }) => ({ dataset: event.data.dataset, at: event.time, changedAt: event.data.changedAt })),
    );
  }
}

/** A record is taken from the owner of its dataset only; another's parks as poison. */
function demandOwner({ event, producer }: Received<RecordChangedData>): void {
  const owner = findDataset(event.data.dataset)?.producer;
  if (owner !== producer) throw new Error(`dataset ${event.data.dataset} does not belong to ${producer}`);
}
