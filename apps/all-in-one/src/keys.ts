import { parseKeyRing, type KeyRing } from '@quan-so/service';
import { newSecret, type DataFolder } from './data-folder.js';

/** The key ring of a local platform, made at first start. */
export function localKeys(folder: DataFolder): KeyRing {
  return parseKeyRing(
    folder.keep('keys.json', () =>
      JSON.stringify({ current: 'local-1', keys: { 'local-1': newSecret() }, index: newSecret(), cursor: newSecret() }),
    ),
  );
}
