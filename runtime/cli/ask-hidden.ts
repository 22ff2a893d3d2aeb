import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MagFlockError } from '../errors/magflock-error.ts';

/**
 * Asks a person for a value without showing what is typed. Standard input must be a terminal.
 * @throws MagFlockError MF807 when the person presses Ctrl-C or Ctrl-D
 */
export async function askHidden(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  // The line editor echoes to its output; this one swallows it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const ended = new Promise<never>((_, reject) => {
    const cancel = (): void => reject(new MagFlockError('MF807', 'cancelled; nothing was stored'));
    lines.once('SIGINT', cancel);
    lines.once('close', cancel);
  });
  try {
    return await Promise.race([lines.question('', { signal }), ended]);
  } finally {
    // Closing rejects `ended` too; by then nobody waits for it.
    ended.catch(() => undefined);
    lines.close();
    process.stderr.write('\n');
  }
}
