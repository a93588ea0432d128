import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ReferencePublished } from '@quan-so/contracts-data';
import { readAuthorityPack, type AuthorityPack } from '@quan-so/contracts-data/pack';
import { log } from '@quan-so/observability';
import { Database, Work, type Tx } from '@quan-so/persistence';
import { ConfigError, SERVICE_CONFIG, type ServiceConfig } from '@quan-so/service';
import { tellBeat } from './beat.service.js';
import { publishedOf } from './publication.rules.js';
import { findSeed, insertItem, insertSeed, takeTurn, type SeedRow } from './reference.queries.js';
import { seedItems } from './seed.rules.js';

/**
 * Fills an empty catalogue from the authority pack, once. Afterwards the pack is only looked at: its authority must be the
 * same, and what has changed in it since is not taken, because the law of reference data is propose and publish.
 */
@Injectable()
export class SeedService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly work: Work,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  /** Throws ConfigError with one sentence when this database and this pack do not belong together. */
  async onModuleInit(): Promise<void> {
    const seeded = await findSeed(this.database.sql);
    if (this.config.pack === undefined) {
      if (seeded === undefined) throw new ConfigError('QUANSO_PACK: danh mục còn trống, cần gói đơn vị để khởi tạo / the catalogue is empty and needs an authority pack.');
      return;
    }
    const pack = readAuthorityPack(this.config.pack);
    if (seeded !== undefined) return this.compare(seeded, pack);
    await this.work.internal('reference.publish', (tx) => this.seed(tx, pack));
  }

  private async seed(tx: Tx, pack: AuthorityPack): Promise<void> {
    const at = await takeTurn(tx.sql);
    // Another process of this service may have been faster.
    const seeded = await findSeed(tx.sql);
    if (seeded !== undefined) return this.compare(seeded, pack);
    await insertSeed(tx.sql, { authority: pack.authority.code, name: pack.authority.name.vi, digest: digestOf(pack), at });
    const items = seedItems(pack);
    for (const item of items) {
      await insertItem(tx.sql, { ...item, publishedAt: at, proposalId: null });
      const row = { ...item, valid_from: item.validFrom, valid_to: item.validTo, published_at: at };
      tx.emit(ReferencePublished, `${item.kind}:${item.code}`, publishedOf(row));
    }
    await tellBeat(tx, at, 0);
    tx.audit([`authority:${pack.authority.code}`], ['seed']);
    log('catalog').info('catalogue seeded from the authority pack');
  }

  private compare(seeded: SeedRow, pack: AuthorityPack): void {
    if (seeded.authority !== pack.authority.code) {
      throw new ConfigError(
        `Dữ liệu này của ${seeded.name} (${seeded.authority}), gói đơn vị là của ${pack.authority.code} / this data belongs to ${seeded.authority}, the authority pack to ${pack.authority.code}.`,
      );
    }
    if (seeded.pack_digest !== digestOf(pack)) {
      log('catalog').warn('the authority pack has changed since the seed; its changes are not taken, propose and publish them');
    }
  }
}

function digestOf(pack: AuthorityPack): string {
  return createHash('sha256').update(JSON.stringify(seedItems(pack))).digest('hex');
}
