import { startTelemetry } from '@quan-so/observability';
import { configFrom } from './config.js';
import { type ServiceDefinition } from './definition.js';
import { migrateService } from './migrate-service.js';
import { runProgram } from './program.js';
import { runService } from './run-service.js';

/** The whole of a service's `main.ts`: `node main.js` serves, `node main.js migrate` prepares the database and ends. */
export function startService(definition: ServiceDefinition): Promise<void> {
  return runProgram({
    name: definition.name,
    migrate: () => migrateService(definition, configFrom(process.env)),
    serve: async (version, signal) => {
      const config = configFrom(process.env);
      const telemetry = await startTelemetry({ service: definition.name, version, environment: config.profile });
      return { starting: runService(definition, config, { telemetry, listen: true, version, signal }), telemetry };
    },
  });
}
