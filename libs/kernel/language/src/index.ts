export * from './error.js';
export * from './time.js';
export * from './calendar.js';
export * from './calendar-check.js';
export * from './term.js';
export * from './deadline.js';
export * from './standing.js';
export { MAX_STEPS, STEP_KINDS, type Step } from './working.js';
