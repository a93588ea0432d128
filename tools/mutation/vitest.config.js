/**
 * The pure tests of what is mutated, run by Vitest: it keeps one process for all mutants (0.3 s of CPU each, 2.2 s under
 * Jest). The same sources through the same export condition; a test that needs a database is not here.
 */
import { resolve } from 'node:path';

const conditions = ['quan-so'];

export default {
  root: resolve(import.meta.dirname, '..', '..'),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globals: true,
    // Module constants are not mutated, so nothing needs a fresh world for each file.
    isolate: false,
    // Four hundred years of days take seconds on a machine that does other things, and a slow test is no found mutant.
    testTimeout: 60_000,
    include: [
      'libs/kernel/{language,contract}/src/**/*.spec.ts',
      '{apps,libs}/*/*/src/**/*.rules.spec.ts',
      'apps/*/*/src/*.{properties,transitions,text}.spec.ts',
      // Claims are judged in token.rules.ts; its table of forged tokens needs the verifier around it, and no database.
      'libs/kernel/auth/src/verifier.int.spec.ts',
    ],
    // Random questions against the oracle take two seconds; the examples of the law's table find what they find.
    exclude: ['**/node_modules/**', '**/deadline.properties.spec.ts'],
  },
};
