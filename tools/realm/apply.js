/**
 * Brings the realm of an authority to what the lists say now: makes it when it is not there, changes what differs, and
 * says each change. Run again it says nothing. In the image of the services: `node tools/realm/apply.js`, told by
 *   KEYCLOAK_URL                 address of Keycloak
 *   KEYCLOAK_ADMIN               folder with `username`, `password` and, after a rotation, `previous`
 *   QUANSO_PACK                  folder of the authority pack
 *   QUANSO_WEB_ORIGIN            origin of the web pages
 *   QUANSO_ACCOUNTS              folder with a file per person (first password) and system (secret); none: Keycloak makes
 *                                secrets, an administrator gives passwords
 *   QUANSO_FIRST_SIGN_IN         `keep`: first passwords last (trials); else they must be changed at once
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { realmOf } from '../real/realm.js';
import { AdminError, openAdmin } from './admin.js';
import { clients, people, profile, roles, settings, systems, theRealm } from './changes.js';
import { filled } from './changes.rules.js';

/** A first start makes Keycloak's tables before it answers. */
const WAIT_MS = 8 * 60_000;

/**
 * @param {{ call: import('./admin.js').Call, realm: any, accounts: import('./changes.js').Accounts, log: (line: string) => void }} given
 */
export async function applyRealm({ call, realm, accounts, log }) {
  const at = { call, realm, name: String(realm.realm), log };
  const before = await theRealm(at);
  await settings(at, before);
  await profile(at);
  await roles(at);
  await clients(at);
  await people(at, before, accounts);
  await systems(at, accounts);
}

/** Files of a folder by name; of a mounted Secret, whose other entries are Kubernetes' own. @param {string | undefined} folder @returns {Record<string, string>} */
export function filesOf(folder) {
  if (folder === undefined || !existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && statSync(join(folder, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8').trim()]));
}

/** @param {string} name */
function need(name) {
  const value = process.env[name];
  if (value === undefined || value === '') throw new AdminError(`${name}: cần / is required.`, 0);
  return value;
}

async function main() {
  const { username = '', password = '', previous } = filesOf(need('KEYCLOAK_ADMIN'));
  const realm = filled(await realmOf(need('QUANSO_PACK')), process.env);
  const call = await openAdmin(need('KEYCLOAK_URL').replace(/\/$/, ''), { username, password, ...(previous === undefined ? {} : { previous }) }, WAIT_MS);
  const accounts = { secrets: filesOf(process.env.QUANSO_ACCOUNTS), temporary: process.env.QUANSO_FIRST_SIGN_IN !== 'keep' };
  let changes = 0;
  await applyRealm({ call, realm, accounts, log: (line) => (changes++, console.log(line)) });
  console.log(changes === 0 ? '= realm' : `${changes} thay đổi / changes`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
