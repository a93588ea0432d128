import { logLevel, type KafkaConfig } from 'kafkajs';
import { type Logger } from '@quan-so/observability';
import { type KafkaSettings } from './kafka-settings.js';

export function configOf(service: string, { brokers, clientId, sasl, tlsCa }: KafkaSettings, logger: Logger): KafkaConfig {
  return {
    clientId: clientId ?? service,
    brokers: [...brokers],
    ...(sasl === undefined ? {} : { sasl: { mechanism: 'scram-sha-512', ...sasl } }),
    // Never `rejectUnauthorized: false`: a password goes over this connection.
    ...(tlsCa !== undefined ? { ssl: { ca: [tlsCa] } } : sasl === undefined ? {} : { ssl: true }),
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    retry: { retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => ({ log: entry }) => logger.warn('kafkajs', { reason: entry.message, topic: text(entry['topic']), group: text(entry['groupId']) }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
