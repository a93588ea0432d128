import { partitions } from './partition.migrations.js';
import { type Migration } from './sql.js';

/*
 * `outbox`: what the service has told, in the transaction that made it true. The relay of `messaging` reads unsent rows of
 * one topic and shard by id and marks them; without a broker it numbers them (`position`, gapless per topic and shard).
 * `envelope` is text: its bytes go out as they are. Rows are kept fourteen days after sending, for replay and
 * reconciliation, and go with their day. A day with an unsent row stays, whatever its age. Neither event id nor position can
 * be unique over days: ids are the inbox's business, positions come from the relay's counter, versions are unique in the
 * row of the thing and in its history.
 */
const outbox: Migration = {
  name: 'persistence-0001-outbox',
  up: `
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('records', 'audit', 'reference')),
  topic text COLLATE "C" NOT NULL,
  shard integer NOT NULL CHECK (shard >= 0),
  subject text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  envelope text NOT NULL,
  traceparent text,
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  position bigint CHECK (position > 0),
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
CREATE INDEX outbox_unsent ON outbox (topic, shard, id) WHERE published_at IS NULL;
CREATE INDEX outbox_position ON outbox (topic, shard, position) WHERE position IS NOT NULL;

CREATE FUNCTION outbox_upkeep_at(at timestamptz) RETURNS text[]
LANGUAGE plpgsql SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  today date := at::date;
  newest timestamptz := (SELECT created_at FROM outbox ORDER BY id DESC LIMIT 1);
  -- By the clock and by the data: one that jumps ahead drops nothing that is young beside the rest.
  keep_from date := least(at, newest)::date - 14;
  did text[] := '{}';
  one record;
  is_kept boolean;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('quan-so: one upkeep of the outbox at a time', 0)) THEN RETURN did; END IF;
  FOR n IN 0..2 LOOP
    IF day_partition_make('outbox', today + n, (today + n)::text || ' 00:00+00', (today + n + 1)::text || ' 00:00+00') THEN did := did || to_char(today + n, '"+"YYYY-MM-DD'); END IF;
  END LOOP;
  IF did <> '{}' THEN RETURN did; END IF;
  DELETE FROM outbox_default WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM outbox_default WHERE published_at IS NOT NULL AND created_at < keep_from LIMIT 10000));
  -- One day a run: an hour with a wrong clock costs one day at most.
  FOR one IN SELECT * FROM day_partitions('outbox') WHERE day < keep_from LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE published_at IS NULL)', one.name) INTO is_kept;
    CONTINUE WHEN is_kept;
    -- The parent first, as readers do; then nobody can have put an unsent row there since.
    LOCK TABLE ONLY outbox IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE published_at IS NULL)', one.name) INTO is_kept;
    CONTINUE WHEN is_kept;
    EXECUTE format('DROP TABLE %I', one.name);
    RETURN did || to_char(one.day, '"-"YYYY-MM-DD');
  END LOOP;
  RETURN did;
END $$;

CREATE FUNCTION outbox_upkeep() RETURNS text[]
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT outbox_upkeep_at(clock_timestamp()) $$;
SELECT outbox_upkeep();
`,
};

/* One row per command done: the answer is built again from the history at that version, so only its address is kept. */
const idempotency: Migration = {
  name: 'persistence-0002-idempotency-key',
  up: `
CREATE TABLE idempotency_key (
  key uuid NOT NULL,
  operation text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  client text COLLATE "C" NOT NULL,
  request_hash text NOT NULL,
  -- Empty only inside the transaction of the command.
  id text,
  version integer,
  status smallint,
  location text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (key, operation, actor, client)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
`,
};

/** Tables of this library in the database of every service. */
export const persistenceMigrations: readonly Migration[] = [partitions, outbox, idempotency];
