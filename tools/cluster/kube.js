/** kubectl and Helm of this machine against the cluster that KUBECONFIG names, and what is asked of them again and again. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Restoring what was lost may take a crash recovery; a command that takes longer hangs. */
const LIMIT_MS = 15 * 60_000;

/** @typedef {{ code: number, output: string, stdout: string }} Said */
/** @typedef {{ timeoutMs?: number, input?: string }} How */
/** @typedef {{ metadata: { name: string, namespace: string, labels: Record<string, string>, uid: string, deletionTimestamp?: string }, spec: any, status: any }} Thing */

/** How a program ended and what it wrote; that it fails is no error here. @param {string} program @param {readonly string[]} args @param {How} [how] @returns {Promise<Said>} */
export async function ask(program, args, { timeoutMs = LIMIT_MS, input } = {}) {
  const running = run(program, args, { timeout: timeoutMs, maxBuffer: 2 ** 29 });
  if (input !== undefined) running.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await running;
    return { code: 0, output: stdout + stderr, stdout };
  } catch (error) {
    const { stdout = '', stderr = '', code, killed, message } = /** @type {{ stdout?: string, stderr?: string, code?: unknown, killed?: boolean, message: string }} */ (error);
    const why = killed ? `quá / over ${timeoutMs / 1_000} s` : stdout + stderr === '' ? message : '';
    return { code: typeof code === 'number' ? code : 1, output: `${stdout}${stderr}${why}`, stdout };
  }
}

export class Kube {
  /** @param {string} helm path of the program */
  constructor(helm) {
    this.helmPath = helm;
    /** Namespace of the server that has the database of a service, where that is not the one of all. @type {Map<string, string>} */
    this.servers = new Map();
  }

  /** What kubectl answers; fails with what it says. @param {readonly string[]} args @param {How} [how] */
  async kubectl(args, how) {
    const { code, output, stdout } = await ask('kubectl', args, how);
    if (code !== 0) throw new Error(`kubectl ${args.slice(0, 6).join(' ')}: ${tail(output)}`);
    return stdout;
  }

  /** @param {readonly string[]} args @param {How} [how] */
  async helm(args, how) {
    const { code, output, stdout } = await ask(this.helmPath, args, how);
    if (code !== 0) throw new Error(`helm ${args.slice(0, 3).join(' ')}: ${tail(output)}`);
    return stdout;
  }

  /** @param {readonly string[]} args @returns {Promise<any>} */
  async json(args) {
    return JSON.parse(await this.kubectl([...args, '-o', 'json']));
  }

  /** @param {object | readonly object[]} objects */
  async apply(objects) {
    const items = Array.isArray(objects) ? objects : [objects];
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=quan-so-test', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  }

  /** @param {string} namespace @param {string} [selector] @returns {Promise<Thing[]>} */
  async pods(namespace, selector) {
    const { items } = await this.json(['-n', namespace, 'get', 'pods', ...(selector === undefined ? [] : ['-l', selector])]);
    return items;
  }

  /** What a secret holds. @param {string} namespace @param {string} name @returns {Promise<Record<string, string>>} */
  async secret(namespace, name) {
    const { data = {} } = await this.json(['-n', namespace, 'get', 'secret', name]);
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]));
  }

  /** The one pod that serves by this name. @param {string} namespace @param {string} name of the workload @returns {Promise<Thing>} */
  async pod(namespace, name) {
    const found = (await this.pods(namespace, `app.kubernetes.io/name=${name}`)).find((one) => one.status.phase === 'Running' && one.metadata.deletionTimestamp === undefined);
    if (found === undefined) throw new Error(`${namespace}: không có pod chạy / no running pod of ${name}`);
    return found;
  }

  /** @param {string} namespace @param {string} pod @param {readonly string[]} command @param {How} [how] */
  exec(namespace, pod, command, how) {
    return this.kubectl(['-n', namespace, 'exec', ...(how?.input === undefined ? [] : ['-i']), pod, '--', ...command], how);
  }

  /** Waits until every workload of a namespace has all its pods ready. @param {string} namespace @param {number} [seconds] */
  async settled(namespace, seconds = 300) {
    const { items } = await this.json(['-n', namespace, 'get', 'deployments,statefulsets']);
    for (const { kind, metadata } of items) await this.kubectl(['-n', namespace, 'rollout', 'status', `${kind.toLowerCase()}/${metadata.name}`, `--timeout=${seconds}s`]);
  }
}

/** Of which workload a pod is. @param {{ labels: Record<string, string> }} metadata */
export function nameOf({ labels }) {
  return labels['app.kubernetes.io/name'] ?? '?';
}

/** @param {string} output */
function tail(output) {
  return output.trim().split('\n').slice(-12).join('\n');
}

/** Asks again until it is so. @template T @param {string} what @param {number} seconds @param {() => Promise<T | undefined | false>} look @returns {Promise<T>} */
export async function until(what, seconds, look) {
  const ends = performance.now() + seconds * 1_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > ends) throw new Error(`${what}: không thấy trong / not seen within ${seconds} s`);
    await sleep(500);
  }
}
