export { Consumes, type ConsumerTx, type Received, type TakeBatch } from './consumes.js';
export { type KafkaSettings } from './kafka-settings.js';
export { LocalBroker } from './local.js';
export { messagingMigrations } from './messaging.migrations.js';
export { createMessaging, type Messaging, type MessagingOptions, type MessagingState } from './messaging.js';
export { STALLED_MS } from './progress.js';
export { Replicas, type ReplicaItem } from './replicas.js';
