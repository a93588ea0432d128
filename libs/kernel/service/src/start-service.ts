import { type ServiceDefinition } from './definition.js';

export declare function startService(definition: ServiceDefinition): Promise<void>;
