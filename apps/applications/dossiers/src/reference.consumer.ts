import { Injectable } from '@nestjs/common';
import { ReferenceBeat, ReferencePublished, type ReferencePublishedData } from '@quan-so/contracts-data';
import { Consumes, Replicas, type ConsumerTx, type Received } from '@quan-so/messaging';
import { RecountService } from './recount.service.js';

/** The one service that publishes reference data. */
export const CATALOG = 'catalog';

/** Keeps our copy of the catalogue, and how old it is. */
@Injectable()
export class ReferenceConsumer {
  constructor(
    private readonly replicas: Replicas,
    private readonly recount: RecountService,
  ) {}

  @Consumes(ReferencePublished, { from: [CATALOG] })
  async take(batch: readonly Received<ReferencePublishedData>[], tx: ConsumerTx): Promise<void> {
    await this.replicas.take(tx, CATALOG, batch.map(({ event }) => event.data));
    const calendar = batch.find(({ event }) => event.data.kind === 'calendar' && event.data.version > 1);
    if (calendar !== undefined) this.recount.soon(calendar.event.traceparent);
  }

  /** A beat comes after everything published before it; it also finds calendars that came into force, and what was left. */
  @Consumes(ReferenceBeat, { from: [CATALOG] })
  async beat(batch: readonly Received<{ at: string }>[], tx: ConsumerTx): Promise<void> {
    const latest = batch.map(({ event }) => event.data.at).reduce((a, b) => (Date.parse(a) > Date.parse(b) ? a : b));
    await this.replicas.heard(tx, CATALOG, latest);
    this.recount.soon();
  }
}
