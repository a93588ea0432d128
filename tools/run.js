/**
 * `node tools/run.js <command> [arguments]`, which every script of package.json calls: installs what is missing, builds
 * what changed, runs the command with the Node of the lockfile. Node built-ins alone, for whatever Node (20 or newer) is
 * on this machine; what fails is told in one sentence.
 */
import process from 'node:process';

const OLDEST = 20;

// Loaded only now: an older Node would fail on their syntax before it could say so.
if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(`Cần Node ${OLDEST} trở lên; máy này có ${process.versions.node}: https://nodejs.org\nNode ${OLDEST} or newer is needed; this machine has ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const { main } = await import('./run/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
