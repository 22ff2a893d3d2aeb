import { MagFlockError } from '../errors/magflock-error.ts';
import { renderForTerminal } from '../errors/render-for-terminal.ts';
import type { Output } from './output.ts';

/**
 * Shows why a command failed and says its exit code: 1 a bug in MagFlock, 2 wrong use or an expected failure,
 * 3 cancelled by the user, 4 findings.
 */
export function showCommandError(thrown: unknown, output: Output): 1 | 2 | 3 | 4 {
  const error = MagFlockError.from(thrown);
  const code = exitCodeOf(error);
  if (output.json) {
    output.stderr.write(`${JSON.stringify({ error: error.toEnvelope() })}\n`);
    return code;
  }
  output.stderr.write(`${renderForTerminal(error, output.stderr)}\n`);
  if (output.verbose && error.stack !== undefined) output.stderr.write(`${error.stack}\n`);
  if (code === 1) {
    output.stderr.write(
      'This is a bug in MagFlock. Please report it with the lines above; -v adds the stack trace.\n',
    );
  }
  return code;
}

function exitCodeOf(error: MagFlockError): 1 | 2 | 3 | 4 {
  switch (error.code) {
    case 'MF699':
      return 1;
    case 'MF606':
    case 'MF807':
      return 3;
    case 'MF806':
      return 4;
    default:
      return 2;
  }
}
