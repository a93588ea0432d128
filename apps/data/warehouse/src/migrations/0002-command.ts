/** By which command of its owner each version came about; nothing is known of versions told before owners said so. */
export const command0002 = {
  name: '0002-command',
  up: `
ALTER TABLE record ADD COLUMN command text COLLATE "C";
ALTER TABLE record_history ADD COLUMN command text COLLATE "C";
`,
} as const;
