import process from 'node:process';
import { commands } from './commands.ts';
import { Output } from './output.ts';
import { runCommandLine } from './run-command-line.ts';
import { showCommandError } from './show-command-error.ts';

// `magflock …`: the entry of the command line.
const argv = process.argv.slice(2);
const before = argv.slice(0, argv.indexOf('--') === -1 ? undefined : argv.indexOf('--'));
if (before.includes('--no-color')) {
  process.env['NO_COLOR'] = '1';
  delete process.env['FORCE_COLOR'];
}
// `magflock logs | head` closes our stdout: that is the end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  process.exitCode = await runCommandLine(argv, commands);
} catch (thrown) {
  const output = new Output({
    json: before.includes('--json'),
    quiet: false,
    verbose: before.includes('-v') || before.includes('--verbose'),
  });
  process.exitCode = showCommandError(thrown, output);
}
