/**
 * @typedef {object} Finding one plain sentence, in Vietnamese and English, and where it is about
 * @property {string} where path from the root, with `:line` when there is one
 * @property {string} vi
 * @property {string} en
 * @property {true} [warns] it is told and breaks nothing
 */

/** @param {string} where @param {string} vi @param {string} en @returns {Finding} */
export function finding(where, vi, en) {
  return { where, vi, en };
}

/** What is told and breaks nothing. @param {string} where @param {string} vi @param {string} en @returns {Finding} */
export function warning(where, vi, en) {
  return { where, vi, en, warns: true };
}

/** @param {Finding} found */
export function sentence({ where, vi, en }) {
  return `${where}: ${vi} / ${en}`;
}
