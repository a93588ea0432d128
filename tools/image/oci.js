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
 * Configuration, manifest and index of an image: the texts whose digests are its name.
 * @param {{ reference: string, created: string, config: Record<string, unknown>, layers: readonly Pick<Packed, 'name' | 'diffId' | 'digest' | 'size'>[] }} image
 */
export function documentsOf({ reference, created, config, layers }) {
  const history = layers.map(({ name }) => ({ created, created_by: `npm run image: ${name}` }));
  const configText = JSON.stringify({ created, architecture: 'amd64', os: 'linux', config, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) }, history });
  const described = describe(CONFIG, configText);
  const manifestText = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: described, layers: layers.map(({ digest, size }) => ({ mediaType: LAYER, digest: `sha256:${digest}`, size })) });
  const manifest = describe(MANIFEST, manifestText);
  const annotations = { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1) };
  const indexText = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [{ ...manifest, annotations }] });
  return { configText, config: described, manifestText, manifest, indexText };
}

/** @param {string} mediaType @param {string} text */
function describe(mediaType, text) {
  return { mediaType, digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, size: Buffer.byteLength(text) };
}

/**
 * Writes the archive; it is whole or it is not there.
 * @param {string} path
 * @param {{ reference: string, created: string, config: Record<string, unknown>, layers: readonly Packed[] }} image
 * @returns {Promise<string>} digest of the image
 */
export async function writeArchive(path, image) {
  const { configText, config, manifestText, manifest, indexText } = documentsOf(image);
  const blob = (/** @type {string} */ digest) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  // Docker before 25 reads this one instead of the index.
  const docker = [{ Config: blob(config.digest), RepoTags: [image.reference], Layers: image.layers.map(({ digest }) => blob(digest)) }];
  const blobs = new Map([
    [blob(config.digest), textFile(blob(config.digest), configText)],
    [blob(manifest.digest), textFile(blob(manifest.digest), manifestText)],
    ...image.layers.map((layer) => /** @type {const} */ ([blob(layer.digest), file(blob(layer.digest), layer.path)])),
  ]);
  const entries = [textFile('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })), textFile('index.json', indexText), textFile('manifest.json', JSON.stringify(docker)), ...[...blobs.values()].sort((a, b) => (a.path < b.path ? -1 : 1))];
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft-${process.pid}`;
  try {
    await pipeline(Readable.from(tarOf(entries)), createWriteStream(draft));
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return manifest.digest;
}
