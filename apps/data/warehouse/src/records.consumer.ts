import { Injectable } from '@nestjs/common';
import { findDataset, RecordChanged, recordProducers, type RecordChangedData } from '@quan-so/contracts-data';
import { Consumes, type ConsumerTx, type Received } from '@quan-so/messaging';
import { heardOf, latestOf, versionOf } from './record.rules.js';
import { keepHeard, takeVersions } from './records.queries.js';

/**
 * Takes what owners tell about their records. Two statements for a batch, in the transaction of the inbox: the last
 * version wins, every version stays in history, gaps are not waited for.
 */
@Injectable()
export class RecordsConsumer {
  @Consumes(RecordChanged, { from: recordProducers })
  async take(batch: readonly Received<RecordChangedData>[], tx: ConsumerTx): Promise<void> {
    for (const received of batch) demandOwner(received);
    const versions = batch.map(({ event }) => versionOf(event.data, event.traceparent));
    const latest = latestOf(versions);
    const newest = new Set(latest);
    await takeVersions(tx.sql, latest, versions.filter((version) => !newest.has(version)));
    await keepHeard(tx.sql, heardOf(batch.map(({ event: { data, time } }) => ({ dataset: data.dataset, at: time, changedAt: data.changedAt }))));
  }
}

/** A record is taken from the owner of its dataset only; another's parks as poison. */
function demandOwner({ event, producer }: Received<RecordChangedData>): void {
  const owner = findDataset(event.data.dataset)?.producer;
  if (owner !== producer) throw new Error(`dataset ${event.data.dataset} does not belong to ${producer}`);
}
