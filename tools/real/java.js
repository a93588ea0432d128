/** Java and Maven of this machine, asked for in one sentence when they are missing or too old. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PartError } from './cache.js';

const run = promisify(execFile);
const OLDEST = 17;
/** Kafka, Keycloak and Zipkin are short-lived here: the first compiler and the plain collector start fastest. */
export const QUICK_JAVA = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-Dfile.encoding=UTF-8'];

/**
 * @typedef {object} Java
 * @property {string} java    path or name of the program
 * @property {string} keytool
 * @property {string} version the whole version, e.g. `17.0.15+6-Debian-1deb12u1`: CDS archives fit one build only
 */

/**
 * Java 17 or newer: JAVA_HOME, else the PATH.
 * @returns {Java}
 */
export function findJava() {
  const java = program('java');
  const said = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8', timeout: 60_000 });
  const version = /java\.vm\.version = (\S+)/.exec(said.stderr ?? '')?.[1];
  const major = Number(/java\.specification\.version = (\d+)/.exec(said.stderr ?? '')?.[1] ?? 0);
  if (version === undefined || major < OLDEST) {
    throw new PartError(`Cần Java ${OLDEST} trở lên (JAVA_HOME hoặc PATH) / Java ${OLDEST} or newer is needed (JAVA_HOME or PATH)${major ? `; có / found: ${major}` : ''}.`);
  }
  return { java, keytool: program('keytool'), version };
}

/** Throws one sentence unless Maven answers. */
export function needMaven() {
  const said = spawnSync(maven(), ['-v'], { encoding: 'utf8', timeout: 60_000, shell: process.platform === 'win32' });
  if (said.status !== 0) throw new PartError('Cần Maven 3.6 trở lên (lệnh mvn) / Maven 3.6 or newer is needed (command mvn).');
}

/**
 * One Maven goal in a folder; throws with Maven's own errors. Bounded: twenty minutes over a thin line.
 * @param {string} folder
 * @param {string[]} args
 */
export async function runMaven(folder, args) {
  const options = { cwd: folder, timeout: 20 * 60_000, maxBuffer: 16_000_000, shell: process.platform === 'win32' };
  try {
    await run(maven(), ['-B', '-ntp', '-q', ...args], options);
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('ERROR'));
    throw new PartError(`Maven không tải được / could not fetch ${args.at(-1) ?? ''}:\n${lines.slice(0, 5).join('\n')}`);
  }
}

function maven() {
  return process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
}

/** @param {string} name */
function program(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const atHome = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', file) : undefined;
  return atHome && existsSync(atHome) ? atHome : file;
}
