/** All services in one process without a broker, as `npm start` runs them; identity and database are outside, so that each is measured apart. */
import { catalog } from '@quan-so/catalog';
import { dossiers } from '@quan-so/dossiers';
import { LocalBroker } from '@quan-so/messaging';
import { configFrom, runService } from '@quan-so/service';
import { warehouse } from '@quan-so/warehouse';

const config = configFrom(process.env);
const databases = JSON.parse(process.env.QUANSO_DATABASES ?? '{}');
const ports = /** @type {Record<string, number>} */ ({ dossiers: config.port, warehouse: Number(process.env.WAREHOUSE_PORT) });
const broker = new LocalBroker();
/** @type {import('@quan-so/service').RunningService[]} */
const running = [];
process.on('SIGTERM', () => void Promise.all(running.map((service) => service.stop())).then((failed) => process.exit(failed.flat().length === 0 ? 0 : 1)));
for (const service of [catalog, warehouse, dossiers]) {
  const port = ports[service.name];
  running.push(await runService(service, { ...config, port: port ?? 0, databaseUrl: databases[service.name] }, { broker, listen: port !== undefined }));
}
