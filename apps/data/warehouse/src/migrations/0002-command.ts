/**
 * The owner's command that made a version. Expand only: null where it was told, or taken, by a version that did not know it.
 * Not on `record`, which the version before goes on updating without it: the command of an older version would stay there.
 */
export const records0002 = {
  name: '0002-command',
  up: `ALTER TABLE record_history ADD COLUMN command text COLLATE "C"`,
} as const;
