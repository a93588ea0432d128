import { Module } from '@nestjs/common';
import { RecordChanged, recordProducers, warehouseOperations } from '@quan-so/contracts-data';
import { grants, holders } from '@quan-so/contracts-security';
import { defineService } from '@quan-so/service';
import { DatasetsService } from './datasets.service.js';
import { records0001 } from './migrations/0001-records.js';
import { records0002 } from './migrations/0002-command.js';
import { RecordsConsumer } from './records.consumer.js';
import { RecordsController } from './records.controller.js';
import { RecordsService } from './records.service.js';

@Module({ controllers: [RecordsController], providers: [RecordsService, DatasetsService, RecordsConsumer] })
export class WarehouseModule {}

/** Kho dữ liệu dùng chung. */
export const warehouse = defineService({
  name: 'warehouse',
  layer: 'data',
  title: { vi: 'Kho dữ liệu dùng chung', en: 'Shared data warehouse' },
  module: WarehouseModule,
  migrations: [records0001, records0002],
  operations: warehouseOperations,
  publishes: [],
  consumes: [{ event: RecordChanged, from: recordProducers }],
  grants,
  holders,
});
