import { createInterface } from 'node:readline/promises';
import { MagFlockError } from '../errors/magflock-error.ts';

/**
 * Asks a person. Undefined when nobody is there: stdin or stderr is no terminal, or CI is set.
 * @throws MagFlockError MF807 when the person presses Ctrl-C or Ctrl-D
 */
export async function askTerminal(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY || process.env['CI']) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<never>((_, reject) => {
    const cancel = (): void => reject(new MagFlockError('MF807', 'cancelled'));
    lines.once('SIGINT', () => {
      // What comes next begins on a line of its own.
      process.stderr.write('\n');
      cancel();
    });
    lines.once('close', cancel);
  });
  try {
    return (await Promise.race([lines.question(question, { signal }), ended])).trim();
  } finally {
    // Closing rejects `ended` too; by then nobody waits for it.
    ended.catch(() => undefined);
    lines.close();
  }
}
