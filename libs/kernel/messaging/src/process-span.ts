import { openSpan } from '@quan-so/observability';
import { type Entry } from './routes.js';

/** The span of one message while its batch is worked on. */
export interface Processing {
  readonly traceparent: string;
  /** Ends the span with what became of the message; only the first call counts. */
  end(fate: string, error?: string): void;
}

/** A child of the producer span of its message, so that the trace of a command reaches its effects, inside a batch too. */
export function openProcess(service: string, transport: string, topic: string, shard: number, entry: Entry): Processing {
  const attributes = () => ({
    ...entry.attributes,
    'messaging.system': transport,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(shard),
    'messaging.consumer.group.name': service,
    'messaging.message.id': entry.id,
    'messaging.kafka.offset': entry.message.position,
    'quanso.event.type': entry.type,
  });
  const span = openSpan(`process ${topic}`, { kind: 'consumer', service, parent: entry.message.headers['traceparent'] ?? 'root', attributes });
  let over = false;
  return {
    traceparent: span.traceparent,
    end: (fate, error) => {
      if (over) return;
      over = true;
      if (fate === 'known') span.set({ 'quanso.replayed': true });
      else if (fate !== 'taken') {
        span.set({ 'quanso.parked': fate !== 'stopped' });
        span.fail(error ?? fate);
      }
      span.end();
    },
  };
}
