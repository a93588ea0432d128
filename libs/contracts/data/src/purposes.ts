import { Refusal } from '@quan-so/contract';
import { type DatasetDef } from './datasets.js';
import { DATA_NOT_PERMITTED } from './problems.js';

/**
 * Throws Refusal DATA_NOT_PERMITTED unless the dataset may be read for this purpose. The owner of the records and the
 * warehouse ask the same, so that nobody goes round to the owner with a purpose that the warehouse refuses.
 */
export function demandPurpose(dataset: DatasetDef, purpose: string | undefined): void {
  if (dataset.purposes.some(({ code }) => code === purpose)) return;
  const purposes = dataset.purposes.map(({ code }) => code);
  throw new Refusal(DATA_NOT_PERMITTED, {
    detail: {
      vi: `Bộ dữ liệu ${dataset.code} không được đọc cho mục đích đã nêu.`,
      en: `Dataset ${dataset.code} may not be read for the purpose given.`,
    },
    extra: { about: 'purpose', purposes },
  });
}
