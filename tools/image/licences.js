/** That an image carries the words under which its parts are given away. */

const DOC = 'usr/share/doc/';
const WHOLE = 'usr/share/common-licenses/';

/**
 * What is missing: the copyright of a package of Debian, or a licence that one of them names as standing beside it.
 * @param {readonly import('./tree.js').Entry[]} entries of all layers
 * @param {readonly string[]} debs names of packages
 * @param {(entry: import('./tree.js').Entry) => string} textOf
 * @returns {string[]}
 */
export function missingLicences(entries, debs, textOf) {
  const at = new Map(entries.map((entry) => [entry.path, entry]));
  /** A package of a family may lead to the copyright of another. @param {string} name @returns {import('./tree.js').Entry | undefined} */
  const copyrightOf = (name) => at.get(`${DOC}${at.get(`${DOC}${name}`)?.to ?? name}/copyright`);
  const named = debs.flatMap((name) => {
    const found = copyrightOf(name);
    if (found === undefined) return [`${DOC}${name}/copyright`];
    if (found.kind === 'link') return [];
    return [...textOf(found).matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9.-]*[A-Za-z0-9])/g)].map(([, licence]) => `${WHOLE}${licence}`).filter((path) => !at.has(path));
  });
  return [...new Set(named)].sort();
}
