import { Controller } from '@nestjs/common';
import { type Answer, type Call, type Page } from '@quan-so/contract';
import {
  ListDatasets,
  ListRecordHistory,
  ListRecords,
  ReadRecord,
  ReadRecordsByCode,
  type DatasetView,
  type RecordAnswer,
  type RecordsAnswer,
  type RecordVersionView,
  type RecordView,
} from '@quan-so/contracts-data';
import { Handles } from '@quan-so/http';
import { DatasetsService } from './datasets.service.js';
import { RecordsService } from './records.service.js';

/** One line per route; permission, purpose, headers and schemas are the operation's. */
@Controller()
export class RecordsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly records: RecordsService,
  ) {}

  @Handles(ListDatasets) listDatasets(call: Call<typeof ListDatasets>): Promise<Answer<Page<DatasetView>>> { return this.datasets.list(call); }
  @Handles(ListRecords) list(call: Call<typeof ListRecords>): Promise<Answer<Page<RecordView>>> { return this.records.list(call); }
  @Handles(ReadRecordsByCode) byCode(call: Call<typeof ReadRecordsByCode>): Promise<Answer<RecordsAnswer>> { return this.records.byCode(call); }
  @Handles(ReadRecord) read(call: Call<typeof ReadRecord>): Promise<Answer<RecordAnswer>> { return this.records.read(call); }
  @Handles(ListRecordHistory) history(call: Call<typeof ListRecordHistory>): Promise<Answer<Page<RecordVersionView>>> { return this.records.history(call); }
}
