/** What an image holds, as a CycloneDX 1.6 document; the same image gives the same document. */
import { createHash } from 'node:crypto';

/**
 * @typedef {object} Component
 * @property {string} type
 * @property {string} name
 * @property {string} [group]
 * @property {string} version
 * @property {string} purl
 * @property {string} [license]     SPDX, as the package says it
 * @property {{ alg: string, content: string }[]} hashes
 */

/** @param {{ name: string, version: string, arch: string, sha256: string }} deb @param {string} release e.g. `debian-12` @returns {Component} */
export function ofDebian({ name, version, arch, sha256 }, release) {
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${arch}&distro=${release}`;
  return { type: 'library', name, version, purl, hashes: [{ alg: 'SHA-256', content: sha256 }] };
}

/**
 * A package at its place in the lockfile. @param {string} place
 * @param {import('./packages.js').Locked} locked
 * @returns {Component}
 */
export function ofNpm(place, { version = '0.0.0', license, integrity }) {
  const whole = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [group, name] = whole.startsWith('@') ? whole.split('/') : [undefined, whole];
  const purl = `pkg:npm/${group === undefined ? '' : `${encodeURIComponent(group)}/`}${name}@${version}`;
  return { type: 'library', ...(group === undefined ? {} : { group }), name: String(name), version, purl, ...(license === undefined ? {} : { license }), hashes: hashesOf(integrity) };
}

/** A jar, by what it says of itself in Maven's words, else by the name of its file. @param {string} file @param {string} sha256 @param {{ group: string, artifact: string, version: string }} [maven] @returns {Component} */
export function ofJar(file, sha256, maven) {
  const hashes = [{ alg: 'SHA-256', content: sha256 }];
  if (maven !== undefined) {
    const { group, artifact, version } = maven;
    return { type: 'library', group, name: artifact, version, purl: `pkg:maven/${encodeURIComponent(group)}/${encodeURIComponent(artifact)}@${encodeURIComponent(version)}`, hashes };
  }
  const [, name = file, version = '0'] = /^(.+?)-(\d[^/]*?)(?:-exec)?\.(?:jar|zip)$/.exec(file) ?? [];
  return { type: 'library', name, version, purl: `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(version)}`, hashes };
}

/** A package of PyPI. @param {{ package: string, sha256: string }} wheel @returns {Component} */
export function ofWheel({ package: pinned, sha256 }) {
  const [name = '', version = ''] = pinned.split('==');
  return { type: 'library', name, version, purl: `pkg:pypi/${name}@${version}`, license: 'PostgreSQL', hashes: [{ alg: 'SHA-256', content: sha256 }] };
}

/** @param {string} [integrity] */
function hashesOf(integrity = '') {
  const [, algorithm, base64] = /^(sha512|sha256|sha384)-(\S+)/.exec(integrity) ?? [];
  if (algorithm === undefined || base64 === undefined) return [];
  return [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') }];
}

/**
 * @param {{ name: string, version: string, digest: string, created: string, components: readonly Component[] }} image
 */
export function sbomOf({ name, version, digest, created, components }) {
  const once = [...new Map(components.map((one) => [one.purl, one])).values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const self = { type: 'container', 'bom-ref': `image:${name}`, name: `quan-so/${name}`, version, hashes: [{ alg: 'SHA-256', content: digest.replace('sha256:', '') }] };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${name}\n${digest}`)}`,
    version: 1,
    metadata: { timestamp: created, component: self },
    components: once.map(({ license, ...component }) => ({ 'bom-ref': component.purl, ...component, ...(license === undefined ? {} : { licenses: licensesOf(license) }) })),
    dependencies: [{ ref: self['bom-ref'], dependsOn: once.map(({ purl }) => purl) }],
  };
}

/** One name of SPDX, or an expression of several. @param {string} license */
function licensesOf(license) {
  return [/[ ()]/.test(license) ? { expression: license.replace(/^\((.*)\)$/, '$1') } : { license: { name: license } }];
}

/** A name-based UUID (version 8): the same for the same image. @param {string} text */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
