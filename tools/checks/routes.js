/** Every route says who may call it: asked of Fastify's own list, on the door each service opens; nothing behind it runs. */
import 'reflect-metadata';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as house from '../layers.js';
import { finding } from './finding.js';

/** Told by kernel/http in English, for whoever starts a service; here in both languages. */
const VIETNAMESE = 'tuyến (route) chưa nói ai được gọi, hoặc thao tác của nó chưa được khai';

/**
 * @typedef {object} Definition what is read of a ServiceDefinition of kernel/service
 * @property {string} name
 * @property {object} title
 * @property {Function} module
 * @property {readonly object[]} operations
 */

/** @param {{ root: string }} where @returns {Promise<import('./finding.js').Finding[]>} */
export async function routes({ root }) {
  try {
    const { createHttpApp } = await import(pathToFileURL(join(root, 'libs', 'kernel', 'http', 'dist', 'index.js')).href);
    const found = await Promise.all(house.services.map(async ({ name, layer }) => routesOf(`apps/${layer}/${name}`, (await import(`@quan-so/${name}`))[name], createHttpApp)));
    return found.flat();
  } catch (error) {
    return [finding('apps', 'không đọc được các dịch vụ đã dịch.', `the built services cannot be read: ${messageOf(error)}`)];
  }
}

/**
 * @param {string} where
 * @param {Definition} definition
 * @param {(options: any) => Promise<{ close: () => Promise<void> }>} createHttpApp of kernel/http
 * @returns {Promise<import('./finding.js').Finding[]>}
 */
export async function routesOf(where, { name, title, module, operations }, createHttpApp) {
  const controllers = controllersOf(module);
  // What controllers ask for stands there empty: routes are only looked at.
  const providers = [...new Set(controllers.flatMap((one) => Reflect.getMetadata('design:paramtypes', one) ?? []))].map((provide) => ({ provide, useValue: {} }));
  const options = { service: name, title, version: '0', operations, cursorKey: Buffer.alloc(32, 1).toString('base64'), checkAnswers: false, issuer: 'http://127.0.0.1', health: async () => ({ ready: false, parts: {} }) };
  try {
    const app = await createHttpApp({ ...options, module: { module: class Routes {}, controllers, providers } });
    await app.close();
    return [];
  } catch (error) {
    // Told after all routes have passed: kernel/service puts routes of its own beside them, and sees there that none is missing.
    if (messageOf(error).endsWith('no route handles it.')) return [];
    return [finding(where, `${VIETNAMESE}.`, messageOf(error))];
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Of a module and those it imports. @param {any} module @returns {any[]} */
function controllersOf(module) {
  const { module: own = module, controllers = [], imports = [] } = typeof module === 'function' ? {} : module;
  const said = (/** @type {string} */ key) => Reflect.getMetadata(key, own) ?? [];
  return [...controllers, ...said('controllers'), ...[...imports, ...said('imports')].flatMap(controllersOf)];
}
