import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientKafka, Ctx, EventPattern, KafkaContext, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { uuidv7 } from '@quan-so/persistence';
import { until } from '@quan-so/testing';
import { EMPTY, lastValueFrom, type Observable } from 'rxjs';
import { QuanSoKafka } from './kafka.js';
import { brokers, createTopics, kafkaOf } from './spec/broker.js';
import { Changed, keepEffects, Noted, openWorld, takerOf, tellerOf, type Service, type World } from './spec/world.js';

/** Written against Nest alone, as its own manual shows it. */
@Controller()
class Visits {
  readonly seen: unknown[] = [];
  refused = 0;

  @EventPattern<string>('nest.visits')
  visited(@Payload() visit: { name: string }, @Ctx() context: KafkaContext): Observable<never> | undefined {
    if (visit.name === 'poison') {
      this.refused += 1;
      throw new TypeError('no such visit');
    }
    const { key, headers } = context.getMessage();
    this.seen.push([visit, String(key), headers?.['source'], context.getTopic()]);
    // Nest's own server takes a stream without a value for an error, and the partition stands.
    return visit.name === 'nothing to say' ? EMPTY : undefined;
  }

  @EventPattern('records.nestteller')
  told(@Payload() event: { subject: string; data: { n: number } }): void {
    this.seen.push(`${event.subject}${event.data.n}`);
  }
}

@Module({ controllers: [Visits] })
class VisitsModule {}

@Controller()
class Asking {
  @MessagePattern('nest.visits')
  asked(): string {
    return 'an answer';
  }
}
@Module({ controllers: [Asking] })
class AskingModule {}

const admin = kafkaOf('test').admin();
let world: World;
let teller: Service;
let taker: Service;
let stock: ClientKafka;

beforeAll(async () => {
  await admin.connect();
  await createTopics(admin, ['nest.visits', 'records.nestteller', 'audit.nestteller', 'records.stock']);
  world = await openWorld(['nestteller', 'nesttaker', 'mixed']);
  [teller, taker] = await Promise.all([world.service('nestteller'), world.service('nesttaker')]);
  stock = new ClientKafka({ client: { clientId: 'stock', brokers }, producerOnlyMode: true });
  await stock.connect();
});
afterAll(async () => {
  await stock.close();
  await world.close();
  await admin.disconnect();
});

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});
function closing<A extends { close(): Promise<void> }>(app: A): A {
  running.push(app);
  return app;
}

const emit = (topic: string, key: string, value: object, headers: Record<string, string> = {}): Promise<unknown> =>
  lastValueFrom(stock.emit(topic, { key, value, headers }));

function transportOf(service: Service, more: object = {}): QuanSoKafka {
  return new QuanSoKafka({ service: service.name, database: service.database, work: service.work, kafka: { brokers }, ...more });
}

describe('an unmodified @EventPattern handler on QuanSoKafka', () => {
  it('is fed by a stock Nest producer and by our relay; poison parks and holds nobody', async () => {
    const app = closing(await NestFactory.createMicroservice(VisitsModule, { strategy: transportOf(taker), logger: false }));
    await app.listen();
    const visits = app.get(Visits);
    await emit('nest.visits', 'a', { name: 'first' }, { source: 'desk' });
    await emit('nest.visits', 'a', { name: 'poison' });
    await emit('nest.visits', 'a', { name: 'behind the poison' });
    await emit('nest.visits', 'b', { name: 'nothing to say' });
    await emit('nest.visits', 'b', { name: 'last' });
    await until(() => visits.seen.length === 3);
    expect(visits.seen).toEqual([
      [{ name: 'first' }, 'a', 'desk', 'nest.visits'],
      [{ name: 'nothing to say' }, 'b', undefined, 'nest.visits'],
      [{ name: 'last' }, 'b', undefined, 'nest.visits'],
    ]);
    expect(visits.refused).toBe(3);
    expect((await taker.parked()).map(({ key, reason }) => [key, reason])).toEqual([['a', 'HANDLER'], ['a', 'BEHIND']]);

    const relay = tellerOf(teller, () => ({ kind: 'kafka', config: { brokers } }));
    running.push({ close: () => relay.stop() });
    await relay.start();
    await teller.tell(['k', 1], ['k', 2]);
    await until(() => visits.seen.length === 5);
    expect(visits.seen.slice(3)).toEqual(['k1', 'k2']);
  });

  it('runs in a hybrid application, where it goes on after what it had', async () => {
    const app = closing(await NestFactory.create(VisitsModule, new FastifyAdapter(), { logger: false }));
    app.connectMicroservice({ strategy: transportOf(taker) });
    await app.startAllMicroservices();
    const visits = app.get(Visits);
    await emit('nest.visits', 'c', { name: 'hybrid' });
    await until(() => visits.seen.length === 1);
    expect(visits.seen).toEqual([[{ name: 'hybrid' }, 'c', undefined, 'nest.visits']]);
  });

  it('refuses request and reply', async () => {
    const app = closing(await NestFactory.createMicroservice(AskingModule, { strategy: transportOf(taker), logger: false }));
    await expect(app.listen()).rejects.toThrow(/@MessagePattern has no place here/);
  });
});

describe('a @Consumes handler', () => {
  it('takes events of a stock Nest producer, in the same loop as @EventPattern', async () => {
    const mixed = await world.service('mixed');
    const definition = { consumes: [Changed, Noted].map((event) => ({ event, from: ['stock'] })) };
    const strategy = transportOf(mixed, { definition, handlers: [takerOf('stock', keepEffects)] });
    const app = closing(await NestFactory.createMicroservice(VisitsModule, { strategy, logger: false }));
    await app.listen();
    const event = {
      ...{ specversion: '1.0', id: uuidv7(), source: '/stock', type: Changed.type, subject: 's' },
      ...{ time: '2026-11-25T08:00:00+07:00', datacontenttype: 'application/json', data: { dataset: 'things', code: 'S', n: 1 } },
    };
    await emit('records.stock', 's', event);
    await emit('records.stock', 's', event);
    await emit('records.stock', 's', { ...event, id: uuidv7(), data: { ...event.data, n: 2 } });
    await until(async () => (await mixed.effects()).length === 2);
    expect(await mixed.effects()).toEqual(['s1', 's2']);
    await until(() => app.get(Visits).seen.length > 0);
  });
});
