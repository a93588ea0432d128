/** Fetches Kafka, Keycloak and Zipkin through Maven, pinned in parts.json and checked file by file by SHA-256. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, once, PartError, prune, sha256 } from './cache.js';
import { needMaven, runMaven } from './java.js';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/**
 * @typedef {object} Part
 * @property {string} version
 * @property {string[]} [dependencies] fetched with all they need at run time
 * @property {string[]} [bare]         fetched alone
 * @property {string} [artifact]       one file, instead of dependencies
 * @property {boolean} [unpack]
 * @property {Record<string, string>} files name → SHA-256 of all that is fetched, and of nothing else
 */

/** @typedef {'kafka' | 'keycloak' | 'zipkin'} PartName */
/** @type {Record<PartName, Part>} */
export const PARTS = JSON.parse(readFileSync(new URL('parts.json', import.meta.url), 'utf8'));

/**
 * The folder of a part in the cache, fetched when it is not there: its files, or what is packed in its one file.
 * @param {PartName} name
 * @returns {Promise<string>}
 */
export function fetchPart(name) {
  return fetchPinned(name, PARTS[name]);
}

/**
 * A part of somebody else's list.
 * @param {string} name
 * @param {Part} part
 * @returns {Promise<string>}
 */
export async function fetchPinned(name, part) {
  const folder = await once(`${name}-${part.version}-${digest(part)}`, async (draft) => {
    needMaven();
    if (part.artifact) await runMaven(draft, [`${PLUGIN}:copy`, `-DoutputDirectory=${draft}`, `-Dartifact=${part.artifact}`]);
    else await copyDependencies(draft, part);
    await checkFiles(draft, part);
    if (part.unpack) await unpack(draft, part);
  });
  // A clone of yesterday may still run on the version before.
  prune(`${name}-${part.version.split('.')[0]}`, 2);
  return folder;
}

/** Maven unpacks its own copy of the file that was just checked; neither `unzip` nor a JDK is needed. @param {string} folder @param {Part} part */
async function unpack(folder, part) {
  await runMaven(folder, ['-o', `${PLUGIN}:unpack`, `-DoutputDirectory=${folder}`, `-Dartifact=${part.artifact}`]);
  for (const name of Object.keys(part.files)) rmSync(join(folder, name));
}

/** @param {string} folder @param {Part} part */
async function copyDependencies(folder, part) {
  writeFileSync(join(folder, 'pom.xml'), pomOf(part));
  await runMaven(folder, [`${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]);
}

/** @param {Part} part */
function pomOf(part) {
  const alone = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  const one = (/** @type {string} */ coordinates, extra = '') => {
    const [group, artifact, version] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${extra}</dependency>`;
  };
  const all = [...(part.dependencies ?? []).map((c) => one(c)), ...(part.bare ?? []).map((c) => one(c, alone))];
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>vn.quanso</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${all.join('\n')}</dependencies></project>\n`;
}

/**
 * Every file of the list is there with its checksum, and no other.
 * @param {string} folder
 * @param {Part} part
 */
export async function checkFiles(folder, part) {
  const found = readdirSync(folder).filter((name) => name !== 'pom.xml');
  const wrong = found.filter((name) => !(name in part.files));
  for (const [name, expected] of Object.entries(part.files)) {
    if (!found.includes(name) || (await sha256(join(folder, name))) !== expected) wrong.push(name);
  }
  if (wrong.length > 0) {
    throw new PartError(`Tệp tải về khác danh sách đã ghim / fetched files differ from those pinned in parts.json: ${wrong.join(', ')}.`);
  }
}
