/**
 * Sentences for people are no rules: a text of several words is left as it is. Codes, marks and formats are mutated.
 * A plug-in of Stryker, found by its path in `stryker.json`.
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'words',
    value: {
      /** @param {{ isStringLiteral(): boolean, node: { value?: unknown } }} path of Babel's tree @returns {string | undefined} */
      shouldIgnore(path) {
        return path.isStringLiteral() && /\S \S/.test(String(path.node.value)) ? 'a sentence' : undefined;
      },
    },
  },
];
