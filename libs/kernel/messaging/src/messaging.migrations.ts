import { type Migration } from '@quan-so/persistence';
import { reckonings, replays } from './operate.migrations.js';

/*
 * `inbox`: what was taken, per topic, so that nobody can suppress the event of another topic with its id.
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
);
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
 * failed for good), BEHIND (an earlier event of its key is parked). In PostgreSQL and not in a topic: searchable, in order.
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
  reason text NOT NULL CHECK (reason IN ('CONTRACT', 'HANDLER', 'BEHIND')),
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
export const messagingMigrations: readonly Migration[] = [inbox, parked, replica, replays, reckonings];
