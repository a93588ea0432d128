import { messagingMigrations } from '@quan-so/messaging';
import { migrate, persistenceMigrations } from '@quan-so/persistence';
import { ConfigError, type ServiceConfig } from './config.js';
import { type ServiceDefinition } from './definition.js';

/**
 * Brings the service's database to what this version needs: the kernel's tables first, then its own.
 * Runs as the migrator; the service's own role gets rows, never tables.
 */
export async function migrateService(definition: ServiceDefinition, config: ServiceConfig): Promise<void> {
  if (config.migratorUrl === undefined) {
    throw new ConfigError('MIGRATOR_DATABASE_URL: cần để tạo bảng / is needed to make tables.');
  }
  const migrations = [...persistenceMigrations, ...messagingMigrations, ...definition.migrations];
  await migrate({ url: config.migratorUrl, appRole: roleOf(config.databaseUrl), migrations });
}

/** The role the service itself signs in with. */
function roleOf(databaseUrl: string): string {
  const role = decodeURIComponent(new URL(databaseUrl).username);
  if (role === '') throw new ConfigError('DATABASE_URL: thiếu tên vai trò / names no role.');
  return role;
}
