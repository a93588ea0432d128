export * from './states.js';
export * from './permissions.js';
export * from './problems.js';
export * from './operations.js';
export { type DossierView, type JourneyView } from './dossier.schema.js';
export { type DeadlinePreviewView } from './deadline.schema.js';
