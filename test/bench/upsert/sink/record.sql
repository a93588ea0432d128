-- Table and indexes of apps/data/warehouse (0001-records); what the sink cannot write, an array, is made by the table.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE record (
  dataset text COLLATE "C" NOT NULL,
  key uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  code text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  receiving_unit text COLLATE "C" NOT NULL,
  scope_text text COLLATE "C" NOT NULL,
  scope text[] COLLATE "C" GENERATED ALWAYS AS (string_to_array(scope_text, ' ')) STORED,
  status text COLLATE "C" NOT NULL,
  title text NOT NULL,
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
