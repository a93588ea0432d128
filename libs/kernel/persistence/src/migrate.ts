import { type Migration } from './sql.js';

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface MigrateOptions {
  /** Database URL of its owner. */
  readonly url: string;
  readonly appRole: string;
  readonly migrations: readonly Migration[];
}

export async function migrate(options: MigrateOptions): Promise<string[]> {
  return options.migrations.map(({ name }) => name);
}
