import { Module } from '@nestjs/common';
import { catalogOperations, ReferenceBeat, ReferencePublished } from '@quan-so/contracts-data';
import { grants, holders } from '@quan-so/contracts-security';
import { defineService } from '@quan-so/service';
import { BeatService } from './beat.service.js';
import { reference0001 } from './migrations/0001-reference.js';
import { ProposalsController } from './proposals.controller.js';
import { ProposalsService } from './proposals.service.js';
import { ReferenceController } from './reference.controller.js';
import { ReferenceService } from './reference.service.js';
import { SeedService } from './seed.service.js';

@Module({ controllers: [ReferenceController, ProposalsController], providers: [ReferenceService, ProposalsService, SeedService, BeatService] })
export class CatalogModule {}

/** Danh mục dùng chung. */
export const catalog = defineService({
  name: 'catalog',
  layer: 'data',
  title: { vi: 'Danh mục dùng chung', en: 'Shared reference data' },
  module: CatalogModule,
  migrations: [reference0001],
  operations: catalogOperations,
  publishes: [ReferencePublished, ReferenceBeat],
  consumes: [],
  grants,
  holders,
});
