/**
 * The services without a broker in one process, configured by the environment alone: `npm start` without its identity
 * provider and its own database, so that a run can kill each by itself.
 */
import { catalog } from '@quan-so/catalog';
import { dossiers } from '@quan-so/dossiers';
import { LocalBroker } from '@quan-so/messaging';
import { configFrom, runService } from '@quan-so/service';
import { warehouse } from '@quan-so/warehouse';

const config = configFrom(process.env);
const databases = JSON.parse(process.env.QUANSO_DATABASES ?? '{}');
const broker = new LocalBroker();
/** @type {import('@quan-so/service').RunningService[]} */
const running = [];
const stop = async () => {
  const failed = (await Promise.all(running.map((service) => service.stop()))).flat();
  process.exit(failed.length === 0 ? 0 : 1);
};
process.on('SIGTERM', () => void stop());
try {
  // Dossiers listens, and last: nobody is answered before all others are there.
  for (const service of [catalog, warehouse, dossiers]) {
    const own = { ...config, databaseUrl: databases[service.name] };
    running.push(await runService(service, own, { broker, listen: service === dossiers }));
  }
} catch (error) {
  console.error(error);
  process.exit(1);
}
