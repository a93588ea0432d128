import { type Migration } from '@quan-so/persistence';

/*
 * `replay`: what an operator planned and what became of it. `replay_key`: the keys it works through, each in the order of
 * its messages. `replay_act`: who did what to it and why, with what was answered, so that a repeated request reads the same.
 * A parked event counts its tries.
 */
export const replays: Migration = {
  name: 'messaging-operate-0001-replay',
  up: `
ALTER TABLE parked ADD COLUMN tries integer NOT NULL DEFAULT 1, ADD COLUMN tried_at timestamptz;
CREATE TABLE replay (
  id uuid PRIMARY KEY,
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'running', 'paused', 'done', 'cancelled')),
  selection jsonb NOT NULL,
  digest text NOT NULL,
  messages integer NOT NULL,
  keys integer NOT NULL,
  oldest timestamptz,
  processed integer NOT NULL,
  left_over integer NOT NULL,
  cap integer NOT NULL,
  per_second integer NOT NULL,
  done integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  because text NOT NULL,
  by_username text NOT NULL,
  planned_at timestamptz NOT NULL,
  applied_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX replay_running ON replay (applied_at) WHERE state = 'running';
CREATE TABLE replay_key (
  replay uuid NOT NULL REFERENCES replay ON DELETE CASCADE,
  n integer NOT NULL,
  topic text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  done integer NOT NULL DEFAULT 0,
  outcome text CHECK (outcome IN ('done', 'failed')),
  PRIMARY KEY (replay, n)
);
CREATE INDEX replay_key_key ON replay_key (topic, key);
CREATE TABLE replay_act (
  replay uuid NOT NULL REFERENCES replay ON DELETE CASCADE,
  version integer NOT NULL,
  act text NOT NULL,
  by_username text NOT NULL,
  because text NOT NULL,
  done_at timestamptz NOT NULL,
  answer jsonb NOT NULL,
  PRIMARY KEY (replay, version)
);
`,
};

/*
 * Both sides of the comparison. `reckoned`: up to where this service has counted what it told, per topic. `reckoning`: what
 * others say they told, until every shard of its topic has said it. `reckoned_up_to`: how far a topic was compared here.
 * `gap`: something told was not heard.
 */
export const reckonings: Migration = {
  name: 'messaging-operate-0002-reckoning',
  up: `
CREATE INDEX outbox_told_at ON outbox USING brin (created_at) WITH (pages_per_range = 16);
CREATE TABLE reckoned (
  topic text COLLATE "C" PRIMARY KEY,
  up_to timestamptz NOT NULL
);
CREATE TABLE reckoning (
  topic text COLLATE "C" NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  shard integer NOT NULL,
  count bigint NOT NULL,
  digest bigint NOT NULL,
  PRIMARY KEY (topic, from_at, to_at, shard)
);
CREATE TABLE reckoned_up_to (
  topic text COLLATE "C" PRIMARY KEY,
  up_to timestamptz NOT NULL
);
CREATE TABLE gap (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('POSITIONS', 'COUNT', 'RECKONING')),
  topic text COLLATE "C" NOT NULL,
  shard integer,
  from_at timestamptz,
  to_at timestamptz NOT NULL,
  told bigint,
  heard bigint,
  missing bigint,
  found_at timestamptz NOT NULL,
  mended_at timestamptz
);
CREATE INDEX gap_open ON gap (topic) WHERE mended_at IS NULL;
`,
};

/*
 * The way back of what is missing. `gap.asks`: how often the teller was asked to send it again. `replay.sent_up_to`: of a
 * window, which goes out again slice by slice.
 */
export const asks: Migration = {
  name: 'messaging-operate-0003-missing',
  up: `
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check,
  ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('records', 'audit', 'reference', 'missing')) NOT VALID;
ALTER TABLE gap ADD COLUMN asks integer NOT NULL DEFAULT 0, ADD COLUMN asked_at timestamptz;
ALTER TABLE replay ADD COLUMN sent_up_to timestamptz;
`,
};

/*
 * An end of asking. `gap.in_vain`: asks since both sides last came nearer to each other. `gap.given_up_at`: from when nobody
 * asks any more, since nothing came of it.
 */
export const givenUp: Migration = {
  name: 'messaging-operate-0004-given-up',
  up: 'ALTER TABLE gap ADD COLUMN in_vain integer NOT NULL DEFAULT 0, ADD COLUMN given_up_at timestamptz;',
};
