/** The table of values in a chart's README, from the comments of its values.yaml: said once, where it is set. */

const BEGIN = '<!-- values: node tools/charts/generate.js -->';
const END = '<!-- /values -->';

/** @typedef {{ path: string, said: string, value: string }} Row a value with its comment; `value` is empty where more stands below it */

/**
 * Every commented value, in the order of the file. Comments begin with `# -- ` and go on in lines of `# `.
 * @param {string} text of values.yaml
 * @returns {Row[]}
 */
export function rowsOf(text) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {{ indent: number, key: string }[]} */
  const above = [];
  let said = '';
  for (const line of text.split('\n')) {
    const comment = /^\s*#\s?(.*)$/.exec(line)?.[1];
    if (comment !== undefined) {
      said = comment.startsWith('-- ') ? comment.slice(3) : said && `${said} ${comment}`;
      continue;
    }
    const [, indent = '', key, value = ''] = /^( *)([A-Za-z][\w.-]*):(?: (.*))?$/.exec(line) ?? [];
    if (key !== undefined) {
      while ((above.at(-1)?.indent ?? -1) >= indent.length) above.pop();
      above.push({ indent: indent.length, key });
      if (said) rows.push({ path: above.map((one) => one.key).join('.'), said, value });
    }
    said = '';
  }
  return rows;
}

/** Keys that neither have a comment nor stand below one. @param {string} text of values.yaml @returns {string[]} */
export function unsaidIn(text) {
  const rows = new Set(rowsOf(text).map(({ path }) => path));
  /** @type {{ indent: number, key: string }[]} */
  const above = [];
  const unsaid = [];
  for (const line of text.split('\n')) {
    const [, indent = '', key, value = ''] = /^( *)([A-Za-z][\w.-]*):(?: (.*))?$/.exec(line) ?? [];
    if (key === undefined) continue;
    while ((above.at(-1)?.indent ?? -1) >= indent.length) above.pop();
    above.push({ indent: indent.length, key });
    const paths = above.map((_, index) => above.slice(0, index + 1).map((one) => one.key).join('.'));
    if (value !== '' && !paths.some((path) => rows.has(path))) unsaid.push(paths.at(-1) ?? key);
  }
  return unsaid;
}

/** @param {readonly Row[]} rows @returns {string} */
export function tableOf(rows) {
  const escaped = (/** @type {string} */ text) => text.replaceAll('|', '\\|');
  const lines = rows.map(({ path, said, value }) => `| \`${path}\` | ${value === '' ? '' : `\`${escaped(value)}\``} | ${escaped(said)} |`);
  return ['| value | default | |', '| --- | --- | --- |', ...lines].join('\n');
}

/**
 * A README with its table put in.
 * @param {string} readme
 * @param {string} values text of values.yaml
 */
export function withTable(readme, values) {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md: thiếu / lacks ${BEGIN} … ${END}`);
  return `${readme.slice(0, from)}${BEGIN}\n\n${tableOf(rowsOf(values))}\n\n${readme.slice(to)}`;
}
