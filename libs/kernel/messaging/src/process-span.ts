import { inSpan } from '@quan-so/observability';
import { type Entry } from './routes.js';

/** The span of one message while its batch is worked on. */
export interface Processing {
  readonly traceparent: string;
  /** Ends the span with what became of the message; only the first call counts. */
  end(fate: string, error?: string): Promise<void>;
}

/** A child of the producer span of its message, so that the trace of a command reaches its effects, inside a batch too. */
export function openProcess(service: string, transport: string, topic: string, shard: number, entry: Entry): Processing {
  let traceparent = '';
  let settle: (fate: { fate: string; error: string | undefined }) => void = () => undefined;
  const fated = new Promise<{ fate: string; error: string | undefined }>((resolve) => (settle = resolve));
  const attributes = {
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
  } as const;
  const parent = entry.message.headers['traceparent'] ?? 'root';
  const span = inSpan(`process ${topic}`, { kind: 'consumer', service, parent, attributes }, async (handle) => {
    traceparent = handle.traceparent;
    const { fate, error } = await fated;
    if (fate === 'known') handle.set({ 'quanso.replayed': true });
    else if (fate !== 'taken') {
      handle.set({ 'quanso.parked': fate !== 'stopped' });
      handle.fail(error ?? fate);
    }
  });
  return {
    traceparent,
    end: (fate, error) => {
      settle({ fate, error });
      return span;
    },
  };
}
