/** What is inside of jars: each names itself in `META-INF/maven`, and some hold others (`BOOT-INF/lib`). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { ofJar } from './sbom.js';

/** @typedef {{ name: string, bytes: () => Buffer }} Inner */

/**
 * The files of a zip, by its own list at the end; an archive comment of any length may follow it.
 * @param {Buffer} zip
 * @returns {Inner[]}
 */
export function filesIn(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) return [];
  const found = [];
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment, start] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const bytes = () => {
      const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
      const packed = zip.subarray(from, from + size);
      return method === 0 ? packed : inflateRawSync(packed);
    };
    found.push({ name: zip.toString('utf8', at + 46, at + 46 + name), bytes });
    at += 46 + name + extra + comment;
  }
  return found;
}

/**
 * A jar and those inside of it.
 * @param {string} name of the file
 * @param {Buffer} jar
 * @returns {import('./sbom.js').Component[]}
 */
export function componentsOf(name, jar) {
  const files = filesIn(jar);
  const inner = files.filter((one) => one.name.endsWith('.jar')).flatMap((one) => componentsOf(basename(one.name), one.bytes()));
  return [ofJar(name, createHash('sha256').update(jar).digest('hex'), coordinatesOf(name, files)), ...inner];
}

/** Of all that stand in a jar, which may hold others' classes, the one that the file is named by. @param {string} name @param {readonly Inner[]} files */
function coordinatesOf(name, files) {
  const all = files.filter((one) => /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/.test(one.name)).map((one) => {
    const text = one.bytes().toString('utf8');
    const value = (/** @type {string} */ key) => new RegExp(`^${key}=(.*?)\\r?$`, 'm').exec(text)?.[1] ?? '';
    return { group: value('groupId'), artifact: value('artifactId'), version: value('version') };
  });
  return all.find(({ artifact, version }) => name.endsWith(`${artifact}-${version}.jar`));
}

/** @param {readonly import('./tree.js').Entry[]} entries of a layer */
export function jarsOf(entries) {
  return entries.flatMap(({ path, from }) => (from !== undefined && path.endsWith('.jar') ? componentsOf(basename(from), readFileSync(from)) : []));
}
