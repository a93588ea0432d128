import { type Text } from '@quan-so/contract';

/** What a reader may ask a dataset for; its code (UPPER_SNAKE, as every code that people send in a header) is the `Purpose-Code`. */
export interface Purpose {
  readonly code: string;
  readonly name: Text;
}

/** One dataset of the shared warehouse: who makes it, and for which purposes it may be read. */
export interface DatasetDef {
  readonly code: string;
  /** The one service that tells its records: the owner of topic `records.<producer>`. */
  readonly producer: string;
  readonly name: Text;
  readonly description: Text;
  /** Its records hold personal data: every read leaves an access entry first. */
  readonly personal: boolean;
  readonly purposes: readonly Purpose[];
}

const purpose = (code: string, vi: string, en: string): Purpose => ({ code, name: { vi, en } });

/** Dossiers of the one-stop desk, wherever they are read: at their owner or in the warehouse. */
export const DOSSIERS: DatasetDef = {
  code: 'dossiers',
  producer: 'dossiers',
  name: { vi: 'Hồ sơ thủ tục hành chính', en: 'Dossiers of administrative procedures' },
  description: {
    vi: 'Mỗi hồ sơ ở trạng thái hiện tại và mọi phiên bản trước; số định danh đã che.',
    en: 'Each dossier as it is now and in every earlier version; personal numbers are masked.',
  },
  personal: true,
  purposes: [
    purpose('DOSSIER_HANDLING', 'Giải quyết thủ tục hành chính', 'Handling of administrative procedures'),
    purpose('DIRECTION', 'Chỉ đạo, điều hành', 'Direction of work'),
    purpose('SUPERVISION', 'Giám sát, kiểm tra, thanh tra', 'Supervision and inspection'),
    purpose('STATISTICS', 'Thống kê nhà nước', 'Official statistics'),
    purpose('TAX', 'Quản lý thuế', 'Tax administration'),
  ],
};

/** The closed list of datasets. A record of a dataset that is not here, or of another producer, is not taken. */
export const DATASETS: readonly DatasetDef[] = [DOSSIERS];

/** The dataset of this code; undefined when the warehouse has none. */
export function findDataset(code: string): DatasetDef | undefined {
  return DATASETS.find((dataset) => dataset.code === code);
}

/** Services that tell records to the warehouse. */
export const recordProducers: readonly string[] = [...new Set(DATASETS.map((dataset) => dataset.producer))];
