import { Module } from '@nestjs/common';
import { dossierOperations } from '@quan-so/contracts-applications';
import { RecordChanged, ReferenceBeat, ReferencePublished } from '@quan-so/contracts-data';
import { grants, holders } from '@quan-so/contracts-security';
import { defineService } from '@quan-so/service';
import { DeadlinesService } from './deadlines.service.js';
import { DossiersController } from './dossiers.controller.js';
import { DossiersReader } from './dossiers.reader.js';
import { DossiersService } from './dossiers.service.js';
import { IntakeService } from './intake.service.js';
import { dossiers0001 } from './migrations/0001-dossiers.js';
import { RecountService } from './recount.service.js';
import { CATALOG, ReferenceConsumer } from './reference.consumer.js';
import { ReferenceService } from './reference.service.js';

@Module({
  controllers: [DossiersController],
  providers: [IntakeService, DossiersService, DossiersReader, DeadlinesService, RecountService, ReferenceService, ReferenceConsumer],
})
export class DossiersModule {}

/** Một cửa: tiếp nhận, thụ lý, ký, trả kết quả. */
export const dossiers = defineService({
  name: 'dossiers',
  layer: 'applications',
  title: { vi: 'Một cửa, một cửa liên thông', en: 'One-stop desk' },
  module: DossiersModule,
  migrations: [dossiers0001],
  operations: dossierOperations,
  publishes: [RecordChanged],
  consumes: [
    { event: ReferencePublished, from: [CATALOG] },
    { event: ReferenceBeat, from: [CATALOG] },
  ],
  grants,
  holders,
});
