import { type Migration } from '@quan-so/persistence';
import { asks, givenUp, reckonings, replays } from './operate.migrations.js';
import { restored, timelines } from './restored.migrations.js';

/*
 * `inbox`: what was taken, per topic, so that nobody can suppress the event of another topic with its id. Its days are those
 * inside the ids (UUIDv7), not those of the taking: an event meets the same day whenever it comes again. Days are kept seven
 * more than topics and outboxes keep events (fourteen). `inbox_floor`: ids below it may have been forgotten.
 * `consumer_position`: the last place taken; it moves in the transaction of inbox and effects. Each transport counts for
 * itself, because offsets of a broker are not the numbers of a kept outbox.
 * `relay_position`: the last number given per topic and shard without a broker. Not max(position) of the outbox: when old
 * rows are dropped the numbers must go on.
 */
const inbox: Migration = {
  name: 'messaging-0001-inbox',
  up: `
CREATE TABLE inbox (
  event_id uuid NOT NULL,
  topic text COLLATE "C" NOT NULL,
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (event_id, topic)
) PARTITION BY RANGE (event_id);
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;
CREATE TABLE inbox_floor (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  floor uuid NOT NULL
);

CREATE FUNCTION uuidv7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;
CREATE FUNCTION uuidv7_time(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT to_timestamp(('x0000' || left(replace(id::text, '-', ''), 12))::bit(64)::bigint / 1000.0)
$$;

CREATE FUNCTION inbox_upkeep_at(at timestamptz) RETURNS text[]
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  today date := at::date;
  newest uuid := (SELECT event_id FROM inbox ORDER BY event_id DESC LIMIT 1);
  keep_from date := least(at, uuidv7_time(newest))::date - 21;
  first date;
  did text[] := '{}';
  one record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('quan-so: one upkeep of the inbox at a time', 0)) THEN RETURN did; END IF;
  FOR n IN 0..2 LOOP
    IF day_partition_make('inbox', today + n, uuidv7_floor(today + n)::text, uuidv7_floor(today + n + 1)::text) THEN did := did || to_char(today + n, '"+"YYYY-MM-DD'); END IF;
  END LOOP;
  IF did <> '{}' THEN RETURN did; END IF;
  -- One day a run: an hour with a wrong clock makes one day stale at most.
  UPDATE inbox_floor SET floor = uuidv7_floor(uuidv7_time(floor)::date + 1) WHERE uuidv7_time(floor)::date < keep_from;
  SELECT uuidv7_time(floor)::date INTO first FROM inbox_floor;
  DELETE FROM inbox_default WHERE ctid = ANY (ARRAY(SELECT ctid FROM inbox_default WHERE event_id < uuidv7_floor(first) LIMIT 10000));
  FOR one IN SELECT * FROM day_partitions('inbox') WHERE day < first LIMIT 1 LOOP
    LOCK TABLE ONLY inbox IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('DROP TABLE %I', one.name);
    did := did || to_char(one.day, '"-"YYYY-MM-DD');
  END LOOP;
  RETURN did;
END $$;

CREATE FUNCTION inbox_upkeep() RETURNS text[]
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT inbox_upkeep_at(clock_timestamp()) $$;
INSERT INTO inbox_floor (floor) VALUES (uuidv7_floor((now() AT TIME ZONE 'UTC')::date - 21));
SELECT inbox_upkeep();

CREATE TABLE consumer_position (
  transport text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (transport, topic, shard)
);
CREATE TABLE relay_position (
  topic text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (topic, shard)
);
`,
};

/*
 * `parked`: events that could not be taken, whole, with the reason: CONTRACT (breaks its schema), HANDLER (the handler
 * failed for good), BEHIND (an earlier event of its key is parked), STALE (older than the inbox remembers). In PostgreSQL and not in a topic: searchable, in order.
 */
const parked: Migration = {
  name: 'messaging-0002-parked',
  up: `
CREATE TABLE parked (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  event_id uuid NOT NULL,
  type text COLLATE "C",
  reason text NOT NULL CHECK (reason IN ('CONTRACT', 'HANDLER', 'BEHIND', 'STALE')),
  error text,
  detail text,
  stack text,
  traceparent text,
  message text NOT NULL,
  parked_at timestamptz NOT NULL
);
CREATE INDEX parked_key ON parked (topic, key, id);
`,
};

/*
 * `replica`: facts of another service, every version. `replica_heard`: how far a source was heard (its beat), and a number
 * that grows with every change, by which processes know whether what they hold in memory is still true.
 */
const replica: Migration = {
  name: 'messaging-0003-replica',
  up: `
CREATE TABLE replica (
  source text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  published_at timestamptz NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (source, kind, code, version)
);
CREATE TABLE replica_heard (
  source text COLLATE "C" PRIMARY KEY,
  heard_at timestamptz,
  generation bigint NOT NULL DEFAULT 0
);
`,
};

/** Tables of this library in the database of every service. */
export const messagingMigrations: readonly Migration[] = [inbox, parked, replica, replays, reckonings, asks, givenUp, restored, timelines];
