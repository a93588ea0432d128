/** The images of the platform, and of the version that an upgrade comes from, made and loaded into the nodes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeImage } from '../image/made.js';
import { valuesOf } from '../image/names.js';
import { writeArchive } from '../image/oci.js';
import { RECIPES } from '../image/recipes.js';
import { PartError } from '../real/cache.js';
import { ask } from './kube.js';
import { REGISTRY, ROOT } from './place.js';
import { makePrevious } from './previous.js';

/** @typedef {{ name: string, file: string, digest: string, tag: string }} Archive */

/**
 * @typedef {object} Images
 * @property {Archive[]} archives
 * @property {string} tag           of the services' image
 * @property {import('./place.js').Version} present
 * @property {import('./place.js').Version & { tag: string, commit: string }} previous
 */

/** An archive per image; one that is there already is left as it is. @param {string} folder @returns {Promise<Images>} */
export async function makeArchives(folder) {
  const made = [];
  for (const name of /** @type {import('../image/recipes.js').ImageName[]} */ (Object.keys(RECIPES))) made.push(await makeImage(name, { registry: REGISTRY }));
  const values = join(folder, 'images.yaml');
  writeFileSync(values, valuesOf(REGISTRY, made));
  const archives = [];
  for (const image of made) archives.push(await write(folder, image.name, image));
  const { archive, ...previous } = await makePrevious(folder);
  return {
    archives: [...archives, archive], tag: archives.find(({ name }) => name === 'services')?.tag ?? '',
    present: { charts: join(ROOT, 'charts'), images: [values] },
    previous: { ...previous, images: [values, ...previous.images] },
  };
}

/** @param {string} folder @param {string} name @param {import('../image/oci.js').Image<import('../image/oci.js').Packed> & { digest: string }} image @returns {Promise<Archive>} */
async function write(folder, name, image) {
  const [file, stamp] = [join(folder, `${name}.tar`), join(folder, `${name}.digest`)];
  if (!existsSync(file) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== image.digest) {
    await writeArchive(file, [image]);
    writeFileSync(stamp, image.digest);
  }
  return { name, file, digest: image.digest, tag: image.reference.slice(image.reference.lastIndexOf(':') + 1) };
}

/** @param {readonly Archive[]} archives @param {string} command of the shell; the archive stands behind it */
export async function loadWith(command, archives) {
  for (const { file } of archives) {
    const { code, output } = await ask('sh', ['-c', `${command} "$1"`, 'sh', file]);
    if (code !== 0) throw new PartError(`${command} ${file}: ${output.trim()}`);
  }
}
