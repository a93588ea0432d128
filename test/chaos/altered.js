/** Alters built files on their way into a process: nothing on disk changes. For builds broken on purpose, and for the next version. */
import { registerHooks } from 'node:module';

/** @typedef {{ file: string, find: RegExp, put: string }} Change `file` is the end of the built file's address */

/** @param {string} name for the sentence when a line is gone @param {readonly Change[]} changes */
export function alter(name, changes) {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const own = changes.filter(({ file }) => url.endsWith(`/${file}`));
      if (own.length === 0) return loaded;
      return { ...loaded, source: own.reduce((source, change) => altered(name, source, change), String(loaded.source)) };
    },
  });
}

/** @param {string} name @param {string} source @param {Change} change */
export function altered(name, source, { file, find, put }) {
  if (!find.test(source)) throw new Error(`${name}: ${file} does not have its line any more`);
  return source.replace(find, put);
}
