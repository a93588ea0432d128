import { type Migration } from '@quan-so/persistence';

/** State, history and the counter of codes. The whole state is `document`; columns beside it are for finding and for uniqueness. */
export const dossiers0001: Migration = {
  name: '0001-dossiers',
  up: `
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE dossier (
  id uuid PRIMARY KEY,
  version integer NOT NULL CHECK (version > 0),
  code text NOT NULL UNIQUE,
  -- Keyed digest of what a system handed in: the same code again is the same dossier only with the same content.
  sender_digest text,
  state text NOT NULL,
  status smallint NOT NULL CHECK (status BETWEEN 1 AND 10),
  procedure_code text NOT NULL,
  procedure_version integer NOT NULL,
  calendar_code text,
  calendar_version integer,
  unit text COLLATE "C" NOT NULL,
  receiving_unit text COLLATE "C" NOT NULL,
  assignee text,
  received_at timestamptz NOT NULL,
  due_at timestamptz,
  -- Blind index of the applicant's number: finds, does not tell.
  applicant_index text,
  -- Words of code, name, procedure and summary without marks, a space before each; no personal number.
  search_key text NOT NULL,
  -- json, not jsonb: it keeps the order of names, and a repeated request gets the same bytes.
  document json NOT NULL
);
-- The list is ordered by receipt, latest first: the key never changes, so pages stay right while dossiers move on.
CREATE INDEX dossier_received ON dossier (received_at DESC, id DESC);
CREATE INDEX dossier_unit ON dossier (unit, received_at DESC, id DESC);
CREATE INDEX dossier_receiving_unit ON dossier (receiving_unit, received_at DESC, id DESC);
CREATE INDEX dossier_assignee ON dossier (assignee, received_at DESC, id DESC) WHERE assignee IS NOT NULL;
CREATE INDEX dossier_words ON dossier USING gin (search_key gin_trgm_ops);
CREATE INDEX dossier_open_calendar ON dossier (calendar_code, calendar_version) WHERE status IN (2, 4, 5);

CREATE TABLE dossier_history (
  dossier_id uuid NOT NULL REFERENCES dossier (id),
  version integer NOT NULL,
  at timestamptz NOT NULL,
  command text NOT NULL,
  from_state text,
  to_state text NOT NULL,
  actor jsonb NOT NULL,
  note text,
  trace_id text NOT NULL,
  document json NOT NULL,
  PRIMARY KEY (dossier_id, version)
);

-- History is append-only for everybody, the owner's own mistakes included.
CREATE FUNCTION dossier_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'dossier_history is append-only';
END $$;
CREATE TRIGGER dossier_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dossier_history
  FOR EACH STATEMENT EXECUTE FUNCTION dossier_history_is_append_only();

-- One row per unit and day: its lock orders the codes, and a rollback gives the number back.
CREATE TABLE code_counter (
  unit text COLLATE "C" NOT NULL,
  day date NOT NULL,
  last integer NOT NULL CHECK (last > 0),
  PRIMARY KEY (unit, day)
);
`,
};
