/** What all steps stand on: the cluster, the images, the ways in, the people. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forward } from './forward.js';
import { startLoad, WORKERS } from './load.js';
import { lead } from './names.js';
import { tokensOf } from './people.js';
import { GATEWAY, ISSUER, KEYCLOAK, platformArgs, PLATFORM, STORES, storesArgs } from './place.js';

/** Loopback of its own: tokens name Keycloak's port 8080, which may be taken on 127.0.0.1. */
const KEYCLOAK_HERE = '127.77.0.1';
const INSTALL_SECONDS = 600;

/**
 * @typedef {object} Given
 * @property {import('./kube.js').Kube} kube
 * @property {import('./images.js').Images} images
 * @property {string} dir            of this run
 * @property {string | undefined} lab work folder of the lab when that is the cluster
 * @property {readonly string[]} crds files with the definitions of custom resources that the charts write
 * @property {string | undefined} bundle archive of `npm run bundle`, where a step asks for it
 * @property {string | undefined} gitops program that syncs as Argo CD does, where a step asks for it
 * @property {(line: string) => void} tell
 */

export class Stage {
  /** @type {import('./place.js').Shape} */
  shape = 'ward';
  /** Whether this run installed what is there. */
  isOurs = false;
  /** When the last install began, of `performance.now()`. */
  began = 0;
  /** @type {import('./load.js').Load[]} */
  #loads = [];
  /** @type {Map<string, Promise<import('./forward.js').Forward>>} */
  #ways = new Map();
  /** @type {Promise<Awaited<ReturnType<typeof tokensOf>>> | undefined} */
  #tokens;

  /** @param {Given} given */
  constructor(given) {
    const { kube, images, dir, lab, crds, bundle, gitops, tell } = given;
    this.kube = kube;
    this.images = images;
    this.dir = dir;
    this.lab = lab;
    this.crds = crds;
    this.bundle = bundle;
    this.gitops = gitops;
    this.tell = tell;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  /** @param {string} name @param {() => Promise<import('./forward.js').Forward>} open */
  async #way(name, open) {
    const way = this.#ways.get(name) ?? open();
    this.#ways.set(name, way);
    return (await way).base;
  }

  gateway() {
    return this.#way('gateway', () => forward(this.dir, { namespace: GATEWAY, target: 'deployment/gateway', port: 8080 }));
  }

  zipkin() {
    return this.#way('zipkin', () => forward(this.dir, { namespace: STORES, target: 'service/zipkin', port: 9411 }));
  }

  async keycloak() {
    const base = await this.#way('keycloak', () => forward(this.dir, { namespace: STORES, target: 'service/keycloak', port: 8080, address: KEYCLOAK_HERE, local: 8080 }));
    lead({ [KEYCLOAK]: KEYCLOAK_HERE });
    return base;
  }

  /** Passwords and secrets that were given at the install. */
  accountsFile() {
    return join(this.dir, 'accounts.json');
  }

  async #people() {
    await this.keycloak();
    this.#tokens ??= tokensOf(ISSUER, JSON.parse(readFileSync(this.accountsFile(), 'utf8')), WORKERS);
    return this.#tokens;
  }

  /** People begin to work through the gateway. @param {string} name @param {number} [rate] */
  async load(name, rate) {
    const { token } = await this.#people();
    const base = await this.gateway();
    const load = await startLoad(this.kube, { dir: join(this.dir, 'ledgers'), name, base: () => base, token, ...(rate === undefined ? {} : { rate }) });
    this.#loads.push(load);
    return load;
  }

  /** Whoever still works for a step that did not come to its end goes home. */
  async quiet() {
    for (const load of this.#loads.splice(0)) await load.client.stop().catch(() => undefined);
  }

  /** @param {'install' | 'upgrade'} how @param {Record<string, unknown>} [more] values @param {import('./place.js').Version} [version] */
  async platform(how, more = {}, version = this.images.present) {
    await this.kube.helm([how, ...platformArgs(this.shape, version, more), '--wait', '--timeout', `${INSTALL_SECONDS}s`]);
  }

  /** @param {'install' | 'upgrade'} how @param {Record<string, unknown>} [more] values @param {import('./place.js').Version} [version] */
  async stores(how, more = {}, version = this.images.present) {
    await this.kube.helm([how, ...storesArgs(version, more), '--wait', '--timeout', `${INSTALL_SECONDS}s`]);
  }

  /** All pods of both releases. @returns {Promise<import('./kube.js').Thing[]>} */
  async pods() {
    return (await Promise.all([PLATFORM, STORES].map((one) => this.kube.pods(one)))).flat();
  }

  /** All pods of both releases are ready. @param {number} [seconds] */
  async settled(seconds) {
    await this.kube.settled(STORES, seconds);
    await this.kube.settled(PLATFORM, seconds);
  }

  /** People of an identity that is gone are nobody; ports lead into pods that are gone. */
  async close() {
    const tokens = await this.#tokens?.catch(() => undefined);
    tokens?.stop();
    this.#tokens = undefined;
    const ways = [...this.#ways.values()];
    this.#ways.clear();
    for (const way of ways) await way.then((one) => one.stop(), () => undefined);
  }
}
