import { type EmbeddedPostgres } from '@quan-so/persistence/embedded';
import { newSecret, type DataFolder } from './data-folder.js';

/** Addresses of one service's database: the role that migrates it and the role that works in it. */
export interface ServiceDatabase {
  readonly migratorUrl: string;
  readonly url: string;
  /** Name of the role that works; `migrate` grants it rows, never the shape of tables. */
  readonly appRole: string;
}

/** A database per service, owned by its migrator, used by its app role; passwords are made at first start. */
export async function prepareDatabases(
  postgres: EmbeddedPostgres,
  folder: DataFolder,
  services: readonly string[],
): Promise<ReadonlyMap<string, ServiceDatabase>> {
  const databases = new Map<string, ServiceDatabase>();
  for (const service of services) {
    const owner = { name: `${service}_migrator`, password: secretOf(folder, `${service}_migrator`) };
    const app = { name: service, password: secretOf(folder, service) };
    await postgres.ensureRole(owner.name, owner.password);
    await postgres.ensureRole(app.name, app.password);
    await postgres.ensureDatabase(service, owner.name, [app.name]);
    databases.set(service, {
      migratorUrl: postgres.url(service, owner),
      url: postgres.url(service, app),
      appRole: app.name,
    });
  }
  return databases;
}

function secretOf(folder: DataFolder, role: string): string {
  return folder.keep(`database-${role}.secret`, newSecret);
}
