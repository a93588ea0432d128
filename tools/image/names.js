/** How images are named, and the values that tell the charts: what is in an image is in its tag. */
import { createHash } from 'node:crypto';

/**
 * `0.1.0-4f0c9d21ab37`: the version and what the image is made of, so that another content is another name, and a commit
 * that changes nothing in an image starts no pod anew.
 * @param {string} version
 * @param {Record<string, unknown>} config without labels, which name the commit
 * @param {readonly { diffId: string }[]} layers
 */
export function tagOf(version, config, layers) {
  const content = JSON.stringify([config, layers.map(({ diffId }) => diffId)]);
  return `${version}-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
}

/**
 * `images.yaml`, for `helm … -f`: where images are and which ones, of both releases. A name that was not made this time
 * keeps its line.
 * @param {string} registry
 * @param {readonly { name: string, reference: string }[]} images
 * @param {string} [before] the file as it was
 */
export function valuesOf(registry, images, before = '') {
  const kept = [...before.matchAll(/^ {4}([a-z]+): (\S+)$/gm)].map(([, name = '', tag = '']) => /** @type {const} */ ([name, tag]));
  const tags = new Map([...kept, ...images.map(({ name, reference }) => /** @type {const} */ ([name, reference.slice(reference.lastIndexOf(':') + 1)]))]);
  const lines = [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, tag]) => `    ${name}: ${tag}`);
  return ['# Ghi bởi / written by tools/image: helm install … -f images.yaml', 'global:', `  imageRegistry: ${registry}`, '  images:', ...lines, ''].join('\n');
}

/** `images.txt`: a line per image, name with tag and digest, as `load` reads it. @param {readonly { name: string, reference: string, digest: string }[]} images */
export function listOf(images) {
  return images.map(({ name, reference, digest }) => `quan-so/${name}${reference.slice(reference.lastIndexOf(':'))} ${digest}\n`).join('');
}
