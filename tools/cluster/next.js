/**
 * The version after this one, as an image: the present one with a layer more, in which the lines of
 * test/chaos/promises/next.js are changed (two tables with a column more, an event with a field more).
 */
import { readFileSync } from 'node:fs';
import { altered } from '../../test/chaos/altered.js';
import { NEXT } from '../../test/chaos/promises/next.js';
import { tagOf } from '../image/names.js';
import { documentsOf, packLayer } from '../image/oci.js';
import { RECIPES } from '../image/recipes.js';
import { textFile, whole } from '../image/tree.js';
import { REGISTRY, ROOT } from './place.js';

/** What is changed, as entries of a layer. @param {readonly import('../image/tree.js').Entry[]} application */
export function nextEntries(application) {
  const changed = new Map();
  for (const change of NEXT) {
    const entry = application.find(({ path, from }) => from !== undefined && `/${path}`.endsWith(`/${change.file}`));
    if (entry?.from === undefined) throw new Error(`${change.file}: không có trong ảnh / is not in the image.`);
    changed.set(entry.path, altered('next', changed.get(entry.path) ?? readFileSync(entry.from, 'utf8'), change));
  }
  return whole([...changed].map(([path, text]) => textFile(path, text)));
}

/** @returns {Promise<import('../image/oci.js').Image<import('../image/oci.js').Packed> & { digest: string }>} */
export async function nextImage() {
  const { version, layers, config } = await RECIPES.services(ROOT);
  const all = [...layers, { name: 'next', entries: nextEntries(layers.at(-1)?.entries ?? []) }];
  const packed = [];
  for (const { name, entries } of all) packed.push(await packLayer(name, whole(entries)));
  const image = { reference: `${REGISTRY}/quan-so/services:${tagOf(`${version}-next`, config, packed)}`, created: '2026-01-01T00:00:00Z', config, layers: packed };
  return { ...image, digest: documentsOf(image).manifest.digest };
}
