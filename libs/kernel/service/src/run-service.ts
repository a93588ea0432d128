import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Health } from '@quan-so/http';
import { type LocalBroker } from '@quan-so/messaging';
import { type Telemetry } from '@quan-so/observability';
import { type ServiceConfig } from './config.js';
import { type ServiceDefinition } from './definition.js';

/** What a service stands on beside its configuration. */
export interface Ground {
  /** Taken down with the service when given; several services in one process share one and keep it. */
  readonly telemetry?: Telemetry;
  /** Hands events over in this process; without it the configuration names a broker. */
  readonly broker?: LocalBroker;
  /** Listen on the configured host and port; else only `handler` answers. */
  readonly listen: boolean;
  readonly version?: string;
}

export interface RunningService {
  readonly definition: ServiceDefinition;
  readonly port: number | undefined;
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  health(): Promise<Health>;
  /** The ordered way down, within 28 s; answers the names of the steps that failed. */
  stop(): Promise<void>;
}

export declare function runService(definition: ServiceDefinition, config: ServiceConfig, ground: Ground): Promise<RunningService>;
