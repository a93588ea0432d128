/**
 * A value as YAML for people to read: texts always in quotes, long ones as they are, and nothing else of the language.
 * @param {unknown} value
 * @param {string} [indent]
 * @returns {string}
 */
export function yamlOf(value, indent = '') {
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${yamlOf(item, `${indent}  `).trimStart()}`).join('');
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, held]) => `${indent}${key}:${held !== null && typeof held === 'object' ? `\n${yamlOf(held, `${indent}  `)}` : ` ${JSON.stringify(held)}\n`}`).join('');
  return `${JSON.stringify(value)}\n`;
}
