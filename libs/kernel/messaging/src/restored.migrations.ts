import { type Migration } from '@quan-so/persistence';

/*
 * `restored`: that this database was put back to an earlier instant, said by whoever did it (the owner of the tables; the
 * role that works cannot say it). `scope`: `all` when every database went back to that instant and the broker's log was cut
 * at its end; `alone` when the others went on and the log still tells what happened. `settled_at`: since when the consumer
 * knows (restored.ts).
 *
 * `declare_restored` says it once per incident. After `all` what was told shortly before that instant is sent again, in its
 * order and before anything new: others may not have taken it, and the log that held it is cut. Places in that log go.
 * `alone` is refused to whoever tells facts: what it told since is with others, and it would give their numbers and versions
 * a second time.
 */
export const restored: Migration = {
  name: 'messaging-restored-0001',
  up: `
CREATE TABLE restored (
  incident text COLLATE "C" PRIMARY KEY CHECK (incident ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  scope text NOT NULL CHECK (scope IN ('all', 'alone')),
  restored_to timestamptz NOT NULL,
  declared_at timestamptz NOT NULL,
  settled_at timestamptz
);

CREATE FUNCTION declare_restored(of_incident text, of_scope text, back_to timestamptz, told_since timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  again bigint;
BEGIN
  INSERT INTO restored (incident, scope, restored_to, declared_at) VALUES (of_incident, of_scope, back_to, clock_timestamp()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN 'known'; END IF;
  IF of_scope = 'alone' THEN
    IF EXISTS (SELECT FROM outbox WHERE kind IN ('records', 'reference')) THEN
      RAISE EXCEPTION 'this service tells facts that others have taken since: put every database back to the same instant' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN 'declared';
  END IF;
  UPDATE outbox SET published_at = NULL
   WHERE published_at IS NOT NULL AND position IS NULL AND created_at >= coalesce(told_since, back_to - interval '1 hour');
  GET DIAGNOSTICS again = ROW_COUNT;
  DELETE FROM consumer_position WHERE transport = 'kafka';
  RETURN 'declared, to be sent again: ' || again;
END $$;
REVOKE EXECUTE ON FUNCTION declare_restored FROM PUBLIC;
`,
};

/*
 * `noted_timeline`: the server, and the line of its log, on which this service was last found level with the broker
 * (meet-first.ts). It goes back with the database, the server's own does not.
 *
 * `declare_restored` takes one more moment, from one clock and the same in every database: since when everything has stood
 * still. What the log tells between the instant and that moment is of the time that was given up. Left out, it is now, by the
 * clock of each database.
 */
export const timelines: Migration = {
  name: 'messaging-restored-0002',
  up: `
CREATE TABLE noted_timeline (
  here boolean PRIMARY KEY DEFAULT true CHECK (here),
  timeline text COLLATE "C" NOT NULL,
  noted_at timestamptz NOT NULL
);

DROP FUNCTION declare_restored(text, text, timestamptz, timestamptz);
CREATE FUNCTION declare_restored(of_incident text, of_scope text, back_to timestamptz, told_since timestamptz DEFAULT NULL, still_since timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  again bigint;
BEGIN
  IF still_since NOT BETWEEN back_to AND clock_timestamp() + interval '5 minutes' THEN
    RAISE EXCEPTION 'nothing can have stood still since %: that is before the instant %, or has not come yet', still_since, back_to USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO restored (incident, scope, restored_to, declared_at) VALUES (of_incident, of_scope, back_to, coalesce(still_since, clock_timestamp())) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN 'known'; END IF;
  IF of_scope = 'alone' THEN
    IF EXISTS (SELECT FROM outbox WHERE kind IN ('records', 'reference')) THEN
      RAISE EXCEPTION 'this service tells facts that others have taken since: put every database back to the same instant' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN 'declared';
  END IF;
  UPDATE outbox SET published_at = NULL
   WHERE published_at IS NOT NULL AND position IS NULL AND created_at >= coalesce(told_since, back_to - interval '1 hour');
  GET DIAGNOSTICS again = ROW_COUNT;
  DELETE FROM consumer_position WHERE transport = 'kafka';
  RETURN 'declared, to be sent again: ' || again;
END $$;
REVOKE EXECUTE ON FUNCTION declare_restored FROM PUBLIC;
`,
};
