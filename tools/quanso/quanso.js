/**
 * `npm run quanso -- <command>`: what operators do with messages, from a terminal or from a job. Whatever changes something
 * is planned first and names its plan when it is applied. The result goes to standard output, everything else to standard
 * error; exit codes are in the README.
 */
import { Api } from './api.js';
import { read, USAGE } from './arguments.js';
import { run } from './commands.js';
import { EXIT, Failure } from './failure.js';
import { groundOf } from './ground.js';

/** @param {readonly string[]} argv */
async function main(argv) {
  if (argv.length === 0 || argv.includes('--help')) {
    console.log(USAGE);
    return argv.length === 0 ? EXIT.usage : EXIT.done;
  }
  const asked = read(argv);
  const { lines, answer, code } = await run(new Api(await groundOf(asked.options, process.env)), asked);
  console.log(asked.options.json ? JSON.stringify(answer, null, 2) : lines.join('\n'));
  return code;
}

/** @param {Failure} failure @param {readonly string[]} argv */
function tell({ code, vi, en, answer }, argv) {
  if (argv.includes('--json') && answer !== undefined) console.log(JSON.stringify(answer, null, 2));
  console.error(argv.join(' ').match(/--lang[ =]en\b/) ? en : code === EXIT.usage ? `${vi}\n${en}\n\n${USAGE}` : vi);
  return code;
}

const argv = process.argv.slice(2);
try {
  process.exitCode = await main(argv);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.exitCode = tell(error, argv);
}
