/**
 * Ends what a run left behind: told of processes over its standard input (`+PID`, `-PID`), it ends those still known
 * when that input closes, which the system does even when the run was killed with SIGKILL. Started by process.js.
 */
const pids = new Set();
// Ctrl-C and `kill` of a group reach it too; its turn comes when the run is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    if (line.startsWith('+')) pids.add(Number(line.slice(1)));
    else pids.delete(Number(line.slice(1)));
  }
});
process.stdin.on('end', () => {
  end('SIGTERM');
  // Kafka and Keycloak need under a second; what does not answer in five is ended by force.
  const timer = setInterval(() => end(0), 100);
  setTimeout(() => (clearInterval(timer), end('SIGKILL')), 5_000).unref();
});

/** @param {NodeJS.Signals | 0} signal 0 only looks who is still there */
function end(signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      pids.delete(pid);
    }
  }
  if (pids.size === 0) process.exit(0);
}
