/** An OCI image as an archive that containerd, Docker, Podman and skopeo take; written without any of them. */
import { createHash } from 'node:crypto';
import { closeSync, createWriteStream, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { once, prune, sha256 } from '../real/cache.js';
import { tarOf } from './tar.js';
import { file, textFile } from './tree.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
/** Packed layers that are kept for the next run: those of five images, now and before. */
const KEPT = 40;

/**
 * @typedef {object} Packed a layer
 * @property {string} name
 * @property {string} diffId  SHA-256 of the archive
 * @property {string} digest  SHA-256 of what is transported
 * @property {number} size    of what is transported
 * @property {number} bytes   unpacked
 * @property {string} path    of what is transported
 */

/**
 * Packs a layer, unless these very bytes were packed before.
 * @param {string} name
 * @param {readonly import('./tree.js').Entry[]} entries whole
 * @returns {Promise<Packed>}
 */
export async function packLayer(name, entries) {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of tarOf(entries)) {
    hash.update(piece);
    bytes += piece.length;
  }
  const diffId = hash.digest('hex');
  const kept = await once(`image-layer-${diffId}`, (draft) => compress(entries, join(draft, 'layer.tar.gz')));
  prune('image-layer-', KEPT);
  const path = join(kept, 'layer.tar.gz');
  return { name, diffId, digest: await sha256(path), size: statSync(path).size, bytes, path };
}

/** @param {readonly import('./tree.js').Entry[]} entries @param {string} path */
async function compress(entries, path) {
  await pipeline(Readable.from(tarOf(entries)), createGzip({ level: 6 }), createWriteStream(path));
  // The ninth byte names the system that packed; an image is the same wherever it was made.
  const target = openSync(path, 'r+');
  writeSync(target, Buffer.from([255]), 0, 1, 9);
  closeSync(target);
}

/**
 * @template {Pick<Packed, 'name' | 'diffId' | 'digest' | 'size'>} L
 * @typedef {object} Image
 * @property {string} reference  whole name with its tag
 * @property {string} created
 * @property {Record<string, unknown>} config
 * @property {readonly L[]} layers
 */

/**
 * Configuration and manifest of an image: the texts whose digests are its name; and how an index speaks of it.
 * @param {Image<Pick<Packed, 'name' | 'diffId' | 'digest' | 'size'>>} image
 */
export function documentsOf({ reference, created, config, layers }) {
  const history = layers.map(({ name }) => ({ created, created_by: `npm run image: ${name}` }));
  const configText = JSON.stringify({ created, architecture: 'amd64', os: 'linux', config, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) }, history });
  const described = describe(CONFIG, configText);
  const manifestText = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: described, layers: layers.map(({ digest, size }) => ({ mediaType: LAYER, digest: `sha256:${digest}`, size })) });
  const manifest = describe(MANIFEST, manifestText);
  // skopeo picks one image of several by the second name: `services-0.1.0`.
  const annotations = { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf('/') + 1).replace(':', '-') };
  return { configText, config: described, manifestText, manifest, indexed: { ...manifest, annotations } };
}

/** @param {string} mediaType @param {string} text */
function describe(mediaType, text) {
  return { mediaType, digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, size: Buffer.byteLength(text) };
}

/**
 * An archive of one image or of several, each layer once; it is whole or it is not there.
 * @param {string} path
 * @param {readonly Image<Packed>[]} images
 */
export async function writeArchive(path, images) {
  const blob = (/** @type {string} */ digest) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  const documents = images.map(documentsOf);
  // Docker before 25 reads this one instead of the index.
  const docker = images.map(({ reference, layers }, i) => ({ Config: blob(documents[i]?.config.digest ?? ''), RepoTags: [reference], Layers: layers.map(({ digest }) => blob(digest)) }));
  const blobs = new Map([
    ...documents.flatMap(({ config, configText, manifest, manifestText }) => [[config.digest, configText], [manifest.digest, manifestText]].map(([digest = '', text = '']) => /** @type {const} */ ([blob(digest), textFile(blob(digest), text)]))),
    ...images.flatMap(({ layers }) => layers.map((layer) => /** @type {const} */ ([blob(layer.digest), file(blob(layer.digest), layer.path)]))),
  ]);
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: documents.map(({ indexed }) => indexed) };
  const texts = { 'oci-layout': { imageLayoutVersion: '1.0.0' }, 'index.json': index, 'manifest.json': docker };
  await writeTar(path, [...Object.entries(texts).map(([name, value]) => textFile(name, JSON.stringify(value))), ...[...blobs.values()].sort((a, b) => (a.path < b.path ? -1 : 1))]);
}

/** @param {string} path @param {readonly import('./tree.js').Entry[]} entries */
export async function writeTar(path, entries) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft-${process.pid}`;
  try {
    await pipeline(Readable.from(tarOf(entries)), createWriteStream(draft));
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
