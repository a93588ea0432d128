import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.js';
import { run, wasTold } from './child.js';
import { ensureInstalled, nodeOf } from './install.js';
import { Failure } from './failure.js';
import { ROOT } from './root.js';

/**
 * @typedef {object} Command
 * @property {readonly string[]} flags  of Node and the program, before the user's own arguments
 * @property {boolean} built            whether it needs what `tsc -b` writes
 * @property {{ vi: string, en: string }} title
 */

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
/** What is not pure: a room on real parts, real servers, stories across services. */
const NOT_QUICK = ['/node_modules/', '/dist/', '/checks/fixtures/', '\\.(int|real|drill|e2e)\\.spec\\.[jt]s$'];

/** @type {Record<string, Command>} */
export const commands = {
  start: command('apps/all-in-one/dist/main.js', true, 'mở cả nền tảng trên máy này', 'the whole platform on this machine'),
  token: command('apps/all-in-one/dist/token.js', true, 'in mã truy cập của một tài khoản thử', 'prints an access token of a demo account'),
  tour: command('test/dist/tour/main.js', true, 'đi hết một hồ sơ trên nền tảng đang chạy', 'plays the whole story on a running platform'),
  'tour:cluster': command('tools/cluster/tour.js', true, 'đi hết một hồ sơ trên nền tảng trong một cụm', 'plays the whole story on the platform in a cluster'),
  test: command([...JEST, ...report()], true, 'mọi kiểm thử chỉ cần Node', 'every test that needs Node alone'),
  'test:quick': command([...JEST, ...NOT_QUICK.map((pattern) => `--testPathIgnorePatterns=${pattern}`)], false, 'kiểm thử thuần', 'pure tests, in seconds'),
  'test:real': command('tools/real/test-real.js', true, 'câu chuyện trên Kafka, Keycloak, PostgreSQL thật', 'the story on real Kafka, Keycloak, PostgreSQL'),
  'test:restore': command([...JEST, '--config', 'tools/real/jest.config.js', '--testMatch', '<rootDir>/tools/**/*.drill.spec.js'], true, 'mất hết rồi trả về một lúc, PostgreSQL của ảnh (cần python3 -m pip)', 'all is lost and put back to an instant, PostgreSQL of the image (needs python3 -m pip)'),
  'test:charts': command('tools/charts/test-charts.js', false, 'chart: dựng, kiểm tra, từ chối giá trị sai', 'charts: rendered, looked at, wrong values refused'),
  'test:cluster': command('tools/cluster/test-cluster.js', true, 'cụm thật: cài, nâng cấp, giết, rút cáp', 'a real cluster: install, upgrade, kill, cut a cable'),
  proof: command('test/chaos/proof.js', true, 'giết những gì đang chạy, so với sổ của người gửi', 'kills what runs, compares it with the ledger of the sender'),
  bench: command('test/bench/bench.js', true, 'đo bên cạnh những gì tốt nhất cùng loại', 'measures beside the best of its kind'),
  quanso: command('tools/quanso/quanso.js', true, 'thông điệp: đợi, đỗ, hụt; chạy lại', 'messages: waiting, parked, missing; replays'),
  image: command('tools/image/image.js', true, 'dựng ảnh, không cần engine', 'builds images without an engine'),
  bundle: command('tools/image/bundle.js', true, 'gói ảnh, chart, mã kiểm', 'images, charts and sums in one archive'),
  traces: command('tools/real/traces.js', false, 'mở Zipkin', 'opens Zipkin'),
  sabotage: command('tools/sabotage/sabotage.js', false, 'phá từng lời hứa, xem kiểm thử có thấy không', 'breaks each promise and looks whether its test sees it'),
  mutation: command('tools/mutation/mutation.js', false, 'đổi từng biểu thức của luật thuần, đếm kiểm thử thấy bao nhiêu', 'changes pure rules and counts what the tests find'),
  check: command('tools/checks/check.js', false, 'luật của ngôi nhà', 'the rules of the house'),
  build: command([], true, 'dịch những gì đã đổi', 'builds what changed'),
};

/** @param {string | readonly string[]} program @param {boolean} built @param {string} vi @param {string} en @returns {Command} */
function command(program, built, vi, en) {
  return { flags: typeof program === 'string' ? [program] : program, built, title: { vi, en } };
}

/** Where CI adds up the counts of all runs. */
function report() {
  const folder = process.env.QUANSO_JEST_REPORT;
  return folder ? ['--json', `--outputFile=${join(folder, 'test.json')}`] : [];
}

/** @param {readonly string[]} argv @returns {Promise<number>} exit code */
export async function main([name = '', ...args]) {
  const chosen = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (chosen === undefined) {
    console.error(usage());
    return name === 'help' || name === '--help' ? 0 : 2;
  }
  try {
    await ensureInstalled();
    if (chosen.built) await build();
    if (chosen.flags.length === 0) return 0;
    return await run(nodeOf(), [...programOf(chosen), ...args], { env: environment() });
  } catch (error) {
    if (wasTold()) return 130;
    if (!(error instanceof Failure)) throw error;
    console.error(`${error.vi}\n${error.en}`);
    return error.code;
  }
}

/** @param {Command} chosen */
function programOf({ flags }) {
  const program = flags.find((flag) => !flag.startsWith('-')) ?? '';
  if (!existsSync(join(ROOT, program))) throw new Failure(`Thiếu ${program} trong bản này.`, `${program} is missing in this copy.`);
  return flags;
}

/** Compiled code is kept between starts: a fifth less work at each. */
function environment() {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return { ...env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'compiled') };
}

function usage() {
  const lines = Object.entries(commands).map(([name, { title }]) => `  ${name.padEnd(14)}${title.vi} / ${title.en}`);
  return `node tools/run.js <lệnh / command> [tham số / arguments]\n\n${lines.join('\n')}`;
}
