import { type Migration } from './sql.js';

/*
 * `outbox`: what the service has told, in the transaction that made it true. The relay of `messaging` reads unsent rows of
 * one topic and shard by id and marks them; without a broker it numbers them (`position`, gapless per topic and shard).
 * `envelope` is text: its bytes go out as they are. Rows are kept after sending, for replay and reconciliation.
 */
const outbox: Migration = {
  name: 'persistence-0001-outbox',
  up: `
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
  position bigint CHECK (position > 0)
);
CREATE INDEX outbox_unsent ON outbox (topic, shard, id) WHERE published_at IS NULL;
CREATE UNIQUE INDEX outbox_position ON outbox (topic, shard, position) WHERE position IS NOT NULL;
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
export const persistenceMigrations: readonly Migration[] = [outbox, idempotency];
