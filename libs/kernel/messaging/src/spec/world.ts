import { defineEvent, type EventDef } from '@quan-so/contract';
import { Database, migrate, persistenceMigrations, Work, type Migration } from '@quan-so/persistence';
import { startTestDatabases, type TestDatabases } from '@quan-so/testing';
import { z } from 'zod';
import { Consumes, createMessaging, meetFirst, messagingMigrations, MustNotBegin, type ConsumerTx, type KafkaSettings, type Messaging, type MessagingOptions, type Received } from '../index.js';

const thing = z.object({ dataset: z.string().max(20), code: z.string().max(20), n: z.number().int() });
export type Thing = z.output<typeof thing>;

const given = { layer: 'data', version: 1, kind: 'records', description: 'test' } as const;
export const Changed = defineEvent({ ...given, name: 'thing-changed', schema: thing });
export const Noted = defineEvent({ ...given, name: 'thing-noted', schema: thing });
/** Told, but nobody asks for it. */
export const Ignored = defineEvent({ ...given, name: 'thing-ignored', schema: thing });
/** Of the type of `Changed`, as a producer tells it that breaks the contract. */
export const Broken = defineEvent({ ...given, name: 'thing-changed', schema: z.object({ dataset: z.string(), secret: z.string() }) });

export type Take = (batch: readonly Received<Thing>[], tx: ConsumerTx) => Promise<void>;

/** A handler class as a service writes it, taking both events of a producer. */
export function takerOf(from: string, does: Take): object {
  class Taker {
    @Consumes(Changed, { from: [from] })
    changed(batch: readonly Received<Thing>[], tx: ConsumerTx): Promise<void> {
      return does(batch, tx);
    }

    @Consumes(Noted, { from: [from] })
    noted(batch: readonly Received<Thing>[], tx: ConsumerTx): Promise<void> {
      return does(batch, tx);
    }
  }
  return new Taker();
}

const tables: Migration = {
  name: 'test-things',
  up: `
CREATE TABLE thing (key text PRIMARY KEY, n integer NOT NULL);
CREATE TABLE noise (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz);
CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL, n integer NOT NULL, type text NOT NULL);
-- Between the number of an outbox row and its COMMIT lies time: here enough of it that later numbers are seen earlier.
CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER late_commit AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.subject LIKE 'k%-') EXECUTE FUNCTION nap();`,
};

/** Writes what it takes, once per call: a second effect of the same event would show. */
export const keepEffects: Take = async (batch, { sql }) => {
  await sql('keep-effects', 'INSERT INTO effect (key, n, type) SELECT * FROM unnest($1::text[], $2::int[], $3::text[])', [
    batch.map(({ event }) => event.subject),
    batch.map(({ event }) => event.data.n),
    batch.map(({ event }) => event.type.split('.')[3]),
  ]);
};

export interface Service {
  readonly name: string;
  readonly database: Database;
  readonly work: Work;
  /** Tells things in one transaction. */
  tell(...things: readonly (readonly [key: string, n: number, event?: EventDef])[]): Promise<void>;
  effects(): Promise<string[]>;
  parked(): Promise<{ key: string; reason: string; error: string | null; detail: string | null; stack: string | null; n: number }[]>;
  /** Gives its connections back; the world does it for those that are still open. */
  close(): Promise<void>;
}

export interface World {
  service(name: string): Promise<Service>;
  close(): Promise<void>;
}

/** Databases for these services on one real PostgreSQL. */
export async function openWorld(names: readonly string[]): Promise<World> {
  return openWorldOn(await startTestDatabases(names));
}

export function openWorldOn(databases: TestDatabases): World {
  const open = new Set<Service>();
  return {
    service: async (name) => {
      const opened = await openService(databases, name);
      const service: Service = { ...opened, close: () => (open.delete(service) ? opened.close() : Promise.resolve()) };
      open.add(service);
      return service;
    },
    close: async () => {
      await Promise.all([...open].map((service) => service.close()));
      await databases.stop();
    },
  };
}

async function openService(databases: TestDatabases, name: string): Promise<Service> {
  const { url, migratorUrl, appRole } = databases.of(name);
  await migrate({ url: migratorUrl, appRole, migrations: [...persistenceMigrations, ...messagingMigrations, tables] });
  const database = await Database.open({ service: name, url });
  const work = new Work(database);
  return {
    name,
    database,
    work,
    tell: async (...things) => {
      await work.internal('thing.tell', async (tx) => {
        for (const [key, n, event = Changed] of things) tx.emit(event, key, { dataset: 'dossiers', code: key.toUpperCase(), n, secret: 'hush' });
      });
    },
    effects: async () => {
      const rows = await database.sql<{ key: string; n: number }>('test-effects', 'SELECT key, n FROM effect ORDER BY id');
      return rows.map(({ key, n }) => `${key}${n}`);
    },
    parked: () =>
      database.sql(
        'test-parked',
        `SELECT key, reason, error, detail, stack, (message::jsonb -> 'data' ->> 'n')::int AS n FROM parked ORDER BY id`,
      ),
    close: () => database.close(),
  };
}

export type TransportOf = () => MessagingOptions['transport'];

/** Messaging of a service that only tells. */
export function tellerOf({ name: service, database, work }: Service, transport: TransportOf): Messaging {
  const publishes = [Changed, Noted, Ignored];
  return createMessaging({ service, database, work, definition: { publishes, consumes: [] }, handlers: [], transport: transport() });
}

/**
 * The first meeting of a service on the timeline that it noted, or on another one: the exit code of its process, or how it
 * began.
 */
export function beginOf({ name: service, database, work }: Service, kafka: KafkaSettings, from: readonly string[] = []): (noted?: string) => Promise<number | 'compared' | 'at once'> {
  return async (noted) => {
    if (noted !== undefined) await database.sql('noted', `INSERT INTO noted_timeline (timeline, noted_at) VALUES ($1, now()) ON CONFLICT (here) DO UPDATE SET timeline = $1`, [noted]);
    let compared = false;
    const onWait = async () => {
      compared = true;
      return { close: async () => undefined };
    };
    const consumes = from.length === 0 ? [] : [{ event: Changed, from }];
    try {
      await meetFirst({ service, database, work, definition: { publishes: [Changed], consumes }, kafka, onWait, signal: new AbortController().signal });
    } catch (error) {
      if (error instanceof MustNotBegin) return error.exitCode;
      throw error;
    }
    return compared ? 'compared' : 'at once';
  };
}

/** Messaging of a service that takes things of another. */
export function takingOf({ name: service, database, work }: Service, from: string, does: Take, transport: TransportOf): Messaging {
  const consumes = [Changed, Noted].map((event) => ({ event, from: [from] }));
  const definition = { publishes: [Noted], consumes };
  return createMessaging({ service, database, work, definition, handlers: [takerOf(from, does)], transport: transport() });
}
