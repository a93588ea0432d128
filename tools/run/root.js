import { fileURLToPath } from 'node:url';

/** The folder of this copy of the repository; not `import.meta.dirname`, which the first releases of Node 20 lack. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
