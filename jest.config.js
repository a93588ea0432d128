/** One Jest run for the repository; sources are read through the export condition `quan-so`, never a stale dist. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.spec.{ts,js}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/checks/fixtures/', '\\.(real|drill)\\.spec\\.[jt]s$'],
  modulePathIgnorePatterns: ['/dist/', '/checks/fixtures/'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['<rootDir>/tools/jest/quiet-log.js'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['quan-so', 'node', 'node-addons'] },
  testSequencer: '<rootDir>/tools/jest/waiting-first.js',
  // One more than processors: a third of the time they wait for a database.
  maxWorkers: 3,
  // With a limit Jest runs everything in workers and ends them itself: a server that a failed test left open keeps no run from its end.
  workerIdleMemoryLimit: '1GB',
  // What hangs is told; what a busy machine makes slow is not a failure.
  testTimeout: 120_000,
};
