/** The story and the tests of real parts; QUANSO_REAL_TESTS says which of the two. Started by test-real.js. */
import everyday from '../../jest.config.js';

const story = process.env.QUANSO_REAL_TESTS === 'story';

export default {
  ...everyday,
  rootDir: '../..',
  testMatch: [story ? '<rootDir>/test/scenarios/**/*.e2e.spec.ts' : '<rootDir>/{apps,libs,test,tools}/**/*.real.spec.{ts,js}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  maxWorkers: 2,
  testTimeout: 120_000,
};
