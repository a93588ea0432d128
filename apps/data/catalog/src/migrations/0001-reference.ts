/**
 * Versions of reference data and the proposals that lead to them. The database itself refuses two versions in force on
 * one day; a version that a later one replaced from its first day on has an empty period and is never in force.
 */
export const reference0001 = {
  name: '0001-reference',
  up: `
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE reference_item (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('authority', 'unit', 'procedure', 'calendar', 'code-list')),
  code text COLLATE "C" NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  valid_from date NOT NULL,
  valid_to date,
  published_at timestamptz NOT NULL,
  -- Number of the publication that last touched the row: closing a version changes what it shows, so the ETag is this.
  revision integer NOT NULL UNIQUE,
  proposal_id uuid,
  body jsonb NOT NULL,
  PRIMARY KEY (kind, code, version),
  CONSTRAINT reference_one_in_force EXCLUDE USING gist (kind WITH =, code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
    WHERE (valid_to IS NULL OR valid_to >= valid_from)
);

CREATE TABLE proposal (
  id uuid PRIMARY KEY,
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'published', 'rejected')),
  kind text NOT NULL,
  code text COLLATE "C" NOT NULL,
  based_on integer NOT NULL,
  reason text NOT NULL,
  body jsonb NOT NULL,
  proposed_by jsonb NOT NULL,
  proposed_at timestamptz NOT NULL,
  decided_by jsonb,
  decided_at timestamptz,
  note text,
  published_version integer,
  CHECK ((state = 'proposed') = (decided_at IS NULL)),
  -- Two persons: the database refuses what the rule should have refused.
  CHECK (state <> 'published' OR proposed_by ->> 'id' <> decided_by ->> 'id')
);
CREATE INDEX proposal_code ON proposal (kind, code, id);

-- Which authority this database belongs to, and the pack it was seeded from. One row.
CREATE TABLE seed (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  authority text NOT NULL,
  name text NOT NULL,
  pack_digest text NOT NULL,
  seeded_at timestamptz NOT NULL
);

-- When the catalogue last told that it lives. One row: of several processes one beats.
CREATE TABLE beat (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  at timestamptz NOT NULL
);
`,
} as const;
