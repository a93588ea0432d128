import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Operators, Replicas } from '@quan-so/messaging';
import { Database, Seal, Work } from '@quan-so/persistence';
import { Clock } from './clock.js';
import { type ServiceConfig } from './config.js';

/** Injection token of the service's configuration. */
export const SERVICE_CONFIG = Symbol('ServiceConfig');

export interface KernelParts {
  readonly config: ServiceConfig;
  readonly database: Database;
  readonly work: Work;
  readonly replicas: Replicas;
  readonly operators: Operators;
  readonly seal: Seal;
  readonly clock: Clock;
}

/** What every service finds in its injector: database, unit of work, replicas, seal, clock, configuration. */
@Module({})
export class KernelModule {
  static with(parts: KernelParts): DynamicModule {
    const providers: Provider[] = [
      { provide: SERVICE_CONFIG, useValue: parts.config },
      { provide: Database, useValue: parts.database },
      { provide: Work, useValue: parts.work },
      { provide: Replicas, useValue: parts.replicas },
      { provide: Operators, useValue: parts.operators },
      { provide: Seal, useValue: parts.seal },
      { provide: Clock, useValue: parts.clock },
    ];
    return { module: KernelModule, global: true, providers, exports: providers.map((p) => (p as { provide: symbol }).provide) };
  }
}
