import { contains, type UnitScope } from '@quan-so/auth';
import { Refusal } from '@quan-so/contract';
import { DATASET_NOT_FOUND, DATA_NOT_PERMITTED, findDataset, type DatasetDef } from '@quan-so/contracts-data';

/** The dataset of this code. Throws Refusal DATASET_NOT_FOUND. */
export function getDataset(code: string): DatasetDef {
  const dataset = findDataset(code);
  if (dataset === undefined) throw new Refusal(DATASET_NOT_FOUND);
  return dataset;
}

/** Throws Refusal DATA_NOT_PERMITTED unless the whole tree of `unit` lies in what the caller may read. */
export function demandUnit(scope: UnitScope, unit: string | undefined): void {
  if (unit === undefined || scope.all || scope.units.some((tree) => contains(tree, unit))) return;
  const units = [...scope.units, ...scope.exactUnits].sort();
  throw new Refusal(DATA_NOT_PERMITTED, {
    detail: { vi: `Không được đọc dữ liệu của đơn vị ${unit} và cấp dưới.`, en: `Data of unit ${unit} and below may not be read.` },
    extra: { about: 'unit', units },
  });
}

/** Whether a record of these units may be read; one unit in scope is enough. */
export function inScope(scope: UnitScope, units: readonly string[]): boolean {
  if (scope.all) return true;
  return units.some((unit) => scope.exactUnits.includes(unit) || scope.units.some((tree) => contains(tree, unit)));
}
