/**
 * Records as they are now, every version they had, and counters kept with them. `scope` holds the units a record
 * belongs to and everything above them, so that a unit's tree is one array overlap instead of prefix comparisons.
 */
export const records0001 = {
  name: '0001-records',
  up: `
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE record (
  dataset text COLLATE "C" NOT NULL,
  key uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  code text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  receiving_unit text COLLATE "C" NOT NULL,
  scope text[] COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  title text NOT NULL,
  -- Words without tone marks, each after one space: ' cap phep xay dung nguyen van an'.
  search_key text COLLATE "C" NOT NULL,
  changed_at timestamptz NOT NULL,
  trace_id text,
  body jsonb NOT NULL,
  PRIMARY KEY (dataset, key)
) WITH (fillfactor = 80);
CREATE INDEX record_code ON record (dataset, code);
CREATE INDEX record_status ON record (dataset, status, key DESC);
CREATE INDEX record_changed ON record (dataset, changed_at);
CREATE INDEX record_scope ON record USING gin (scope);
CREATE INDEX record_words ON record USING gin (search_key gin_trgm_ops);

CREATE TABLE record_history (
  dataset text COLLATE "C" NOT NULL,
  key uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  code text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  receiving_unit text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  title text NOT NULL,
  changed_at timestamptz NOT NULL,
  trace_id text,
  body jsonb NOT NULL,
  PRIMARY KEY (dataset, key, version)
);

-- Few rows, changed by every batch: room on the page keeps the updates HOT.
CREATE TABLE record_counter (
  dataset text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  receiving_unit text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  records integer NOT NULL,
  PRIMARY KEY (dataset, unit, receiving_unit, status)
) WITH (fillfactor = 50);

-- How far the owner of a dataset has been heard: the time of its latest event taken.
CREATE TABLE dataset_heard (
  dataset text COLLATE "C" PRIMARY KEY,
  heard_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
) WITH (fillfactor = 50);
`,
} as const;
