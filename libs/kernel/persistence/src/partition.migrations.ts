import { type Migration } from './sql.js';

/*
 * Days of a table. The role that works has no right to make or drop tables; it calls `<table>_upkeep()`, which does the one
 * thing it is for with the rights of its owner and takes no arguments, so that no clock but the server's decides. What has
 * no day of its own goes into `<table>_default`: a command is never refused because nobody made tomorrow.
 *
 * A run makes days or drops one, never both: making locks the default partition and dropping the parent, and whoever reads
 * takes them in the other order.
 */
export const partitions: Migration = {
  name: 'persistence-0000-partitions',
  up: `
CREATE FUNCTION day_partition_make(parent text, day date, lower text, upper text) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  name text := parent || to_char(day, '_YYYYMMDD');
  column_name text := (SELECT attname FROM pg_partitioned_table p JOIN pg_attribute a ON attrelid = partrelid AND attnum = partattrs[0] WHERE partrelid = parent::regclass);
  taken boolean;
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
  -- Rows of this day that came before it was made stay where they are, and the rest of the day with them.
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= %L AND %I < %L)', parent || '_default', column_name, lower, column_name, upper) INTO taken;
  IF taken THEN RETURN false; END IF;
  -- Made apart and attached: CREATE TABLE … PARTITION OF would hold up everybody who writes.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING IDENTITY)', name, parent);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, lower, upper);
  RETURN true;
END $$;

CREATE FUNCTION day_partitions(parent text) RETURNS TABLE (name text, day date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT relname::text, to_date(right(relname, 8), 'YYYYMMDD') FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
   WHERE inhparent = parent::regclass AND relname ~ '_[0-9]{8}$' ORDER BY relname
$$;
`,
};
