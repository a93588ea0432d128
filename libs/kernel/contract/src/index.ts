export * from './text.js';
export * from './actor.js';
export * from './permission.js';
export * from './problem.js';
export * from './event.js';
export * from './audit.js';
export * from './reckoning.js';
export * from './operation.js';
