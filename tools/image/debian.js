/**
 * What comes from Debian: packages pinned in debian.json by version and SHA-256, fetched by this machine's own apt, never
 * installed: no script of theirs runs. `npm run image -- --pin` writes the list anew.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digest, once, PartError, prune } from '../real/cache.js';
import { debsOf, needApt, releaseOf } from './debs.js';
import { trustStoreOf } from './jks.js';
import { EPOCH } from './tar.js';
import { folder, link, textFile, treeOf } from './tree.js';

const run = promisify(execFile);
const LIST = new URL('debian.json', import.meta.url);

/** @typedef {{ name: string, version: string, arch: string, sha256: string }} Deb */
/** @typedef {'base' | 'shell' | 'java' | 'postgres'} SetName */
/** @type {{ release: string, sets: Record<SetName, Deb[]> }} */
export const PINNED = JSON.parse(readFileSync(LIST, 'utf8'));

/** What each set is asked for; `alone` takes no package that these depend on. */
const ASKED = /** @type {Record<SetName, { packages: string[], alone: boolean }>} */ ({
  base: { packages: ['base-files', 'ca-certificates', 'gcc-12-base', 'libatomic1', 'libc6', 'libgcc-s1', 'libstdc++6', 'tzdata'], alone: true },
  shell: { packages: ['busybox-static'], alone: true },
  java: { packages: ['openjdk-17-jre-headless'], alone: false },
  // What the programs of postgres.js stand on.
  postgres: { packages: ['libc-bin', 'libgssapi-krb5-2', 'libicu72', 'liblz4-1', 'liblzma5', 'libreadline8', 'libssl3', 'libxml2', 'libzstd1', 'zlib1g'], alone: false },
});

/** What only a system that installs needs, or a desktop: nobody calls it in these images. */
const NEEDLESS = new RegExp(
  `^(${[
    'adduser|debconf.*|dpkg|gcc-12-base|init-system-helpers|login|lsb-base|netbase|passwd|sensible-utils|sysvinit-utils|tar|ucf|usrmerge|util-linux.*',
    'ca-certificates-java|java-common|openssl|ssl-cert|postgresql-.*common|.*perl.*|libdb5.*|libgdbm.*|libllvm.*|libz3.*|libpam-modules.*|readline-common',
    'font.*|libasound.*|libavahi.*|libcups.*|libdbus-.*|libfontconfig1|libnspr4|libnss3|libpcsclite1|libsqlite3-0|locales|libc-l10n',
    'libacl1|libaudit-common|libblkid1|libmount1|libsemanage.*|libsepol2|libsmartcols1|libudev1',
  ].join('|')})$`,
);

/** Folders that nobody reads at run time; the licences in usr/share/doc stay. */
const DROPPED = new RegExp(
  `^(${[
    'usr/share/(?!(ca-certificates|common-licenses|doc|postgresql|zoneinfo)/)|usr/share/doc/.*/(?!copyright$)[^/]*$|usr/share/postgresql/.*/man/',
    'usr/share/zoneinfo/(right|posix)/|(usr/)?lib/systemd/|usr/lib/x86_64-linux-gnu/(gconv|pkgconfig)/',
    'etc/(?!(debian_version|java-17-openjdk/|os-release|pam\\.d/))|var/',
  ].join('|')})`,
);

/**
 * What a set holds, as entries of a layer, without what stands in `below` already.
 * @param {SetName} name
 * @param {{ programs: RegExp }} keeps which programs of bin and sbin are kept
 * @param {readonly SetName[]} [below]
 * @returns {Promise<import('./tree.js').Entry[]>}
 */
export async function debianLayer(name, { programs }, below = []) {
  const there = new Set(below.flatMap((one) => PINNED.sets[one].map((deb) => deb.name)));
  const debs = PINNED.sets[name].filter((deb) => !there.has(deb.name));
  const root = await unpacked(name, debs);
  const isProgram = /^(usr\/)?s?bin\//;
  const files = treeOf(join(root, 'files'), '', (path) => !DROPPED.test(path) && !path.startsWith('usr/share/ca-certificates/') && (!isProgram.test(path) || programs.test(path)));
  return [...files, ...debs.map((deb) => statusOf(root, deb))];
}

/** What the base of every image is beside packages: names, roots of trust, a place for what passes. */
export async function ground() {
  const bundle = (await authorities()).map(({ pem }) => `${pem}\n`).join('');
  return [
    textFile('etc/passwd', 'root:x:0:0::/root:/bin/false\nquanso:x:65532:65532::/tmp:/bin/false\n'),
    textFile('etc/group', 'root:x:0:\nquanso:x:65532:\n'),
    textFile('etc/nsswitch.conf', 'hosts: files dns\n'),
    textFile('etc/ssl/certs/ca-certificates.crt', bundle),
    folder('tmp', 0o1777),
    ...['dev', 'proc', 'run', 'sys'].map((name) => folder(name)),
  ];
}

/** The words of the free licences, as Debian has them for all its packages. @returns {Promise<import('./tree.js').Entry[]>} */
export async function licenceTexts() {
  const root = await unpacked('base', PINNED.sets.base);
  return treeOf(join(root, 'files', 'usr', 'share', 'common-licenses'), 'usr/share/common-licenses').filter(({ kind }) => kind === 'file');
}

/** Debian's list of who vouches for the names of servers. */
async function authorities() {
  const root = await unpacked('base', PINNED.sets.base);
  const folderOf = join(root, 'files', 'usr', 'share', 'ca-certificates', 'mozilla');
  return readdirSync(folderOf).sort().map((name) => ({ alias: `debian:${name.toLowerCase()}`, pem: readFileSync(join(folderOf, name), 'utf8').trim() }));
}

/** The same list where Java looks; Debian makes it in an install script. @returns {Promise<import('./tree.js').Entry>} */
export async function javaTrust() {
  const certificates = (await authorities()).map(({ alias, pem }) => ({ alias: alias.replace(/[^\x20-\x7e]/g, '_'), pem }));
  return textFile('etc/ssl/certs/java/cacerts', trustStoreOf(certificates, EPOCH));
}

/** Scanners look there for what an image holds when it has no package manager. @param {string} root @param {Deb} deb */
function statusOf(root, { name }) {
  return textFile(`var/lib/dpkg/status.d/${name}`, readFileSync(join(root, 'control', name), 'utf8'));
}

/** The shell and the few programs that start scripts use. */
export function busyboxLinks() {
  const names = ['awk', 'cat', 'chmod', 'cmp', 'cp', 'cut', 'date', 'du', 'env', 'grep', 'gzip', 'head', 'hostname', 'id', 'ls', 'mkdir', 'mv', 'printf', 'rm', 'sed', 'sh', 'sha256sum', 'sleep', 'sort', 'sync', 'tar', 'test', 'tr', 'wc'];
  return names.map((name) => link(`bin/${name}`, 'busybox'));
}

/** @param {SetName} name @param {readonly Deb[]} debs @returns {Promise<string>} folder with `files` and `control` */
async function unpacked(name, debs) {
  const made = await once(`image-debian-${name}-${digest(debs)}`, async (draft) => {
    needApt(PINNED.release);
    mkdirSync(join(draft, 'files'));
    mkdirSync(join(draft, 'control'));
    for (const [i, path] of (await debsOf(debs)).entries()) {
      await run('dpkg-deb', ['-x', path, join(draft, 'files')]);
      const { stdout } = await run('dpkg-deb', ['-f', path]);
      writeFileSync(join(draft, 'control', String(debs[i]?.name)), stdout);
    }
  });
  prune(`image-debian-${name}-`, 2);
  return made;
}

/** Asks apt what each set is now, with all it needs, and writes debian.json. */
export async function pin() {
  const { ID, VERSION_ID } = releaseOf();
  /** @type {Record<string, Deb[]>} */
  const sets = {};
  for (const [name, asked] of Object.entries(ASKED)) sets[name] = await resolve(asked);
  writeFileSync(LIST, `${JSON.stringify({ release: `${ID}-${VERSION_ID}`, sets }, null, 2)}\n`);
}

/** @param {{ packages: string[], alone: boolean }} asked @returns {Promise<Deb[]>} */
async function resolve({ packages, alone }) {
  const empty = await once(`image-apt-${digest('empty')}`, async (draft) => writeFileSync(join(draft, 'status'), ''));
  // As on a machine where nothing is installed: the answer does not depend on this one.
  const { stdout } = await run('apt-get', ['install', '--print-uris', '-qq', '--no-install-recommends', '-o', `Dir::State::status=${join(empty, 'status')}`, '-o', 'Debug::NoLocking=1', '-o', 'Dir::Cache::archives=/nonexistent', ...packages], { maxBuffer: 2 ** 24 });
  const found = [...stdout.matchAll(/^'[^']*' (\S+)_(\S+)_(\w+)\.deb \d+/gm)].map(([, name = '', version = '', arch = '']) => ({ name, version: version.replaceAll('%3a', ':'), arch }));
  const kept = found.filter(({ name }) => packages.includes(name) || (!alone && !NEEDLESS.test(name))).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(kept.map(async (deb) => ({ ...deb, sha256: await sumOf(deb) })));
}

/** The list of addresses names weaker sums only, or none. @param {{ name: string, version: string }} deb */
async function sumOf({ name, version }) {
  const { stdout } = await run('apt-cache', ['show', `${name}=${version}`], { maxBuffer: 2 ** 24 });
  const [, sum] = /^SHA256: ([0-9a-f]{64})$/m.exec(stdout) ?? [];
  if (sum === undefined) throw new PartError(`${name}=${version}: apt không biết SHA-256 / apt knows no SHA-256.`);
  return sum;
}
