export { Clock } from './clock.js';
export { ConfigError, configFrom, keyRing, parseKeyRing, type KafkaConfig, type KeyRing, type ServiceConfig } from './config.js';
export { defineService, type ServiceDefinition } from './definition.js';
export { KernelModule, SERVICE_CONFIG, type KernelParts } from './kernel.module.js';
export { SHUTDOWN_MS, takeDown, type Step } from './shutdown.js';
export { migrateService } from './migrate-service.js';
export { runService, type Ground, type RunningService } from './run-service.js';
export { EXIT, startService } from './start-service.js';
