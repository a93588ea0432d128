export { agencyCode, line } from './fields.js';
export * from './permissions.js';
export * from './problems.js';
export { DATASETS, DOSSIERS, findDataset, recordProducers, type DatasetDef, type Purpose } from './datasets.js';
export { demandPurpose } from './purposes.js';
export {
  REFERENCE_KINDS,
  RecordChanged,
  ReferenceBeat,
  ReferencePublished,
  type RecordChangedData,
  type ReferenceKind,
  type ReferencePublishedData,
} from './events.js';
export * from './warehouse.operations.js';
export * from './catalog.operations.js';
export * from './reference.js';
export { mostSpecific, overlap, referenceFaults, type ReferenceFault, type ReferenceSet } from './reference.checks.js';
export { offeredTo, unverifiedFields, type Offer, type OfferField } from './offered.js';
