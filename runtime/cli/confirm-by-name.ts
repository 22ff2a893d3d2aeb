import { MagFlockError } from '../errors/magflock-error.ts';
import type { CommandContext } from './command-context.ts';

/**
 * A destructive command: goes on with --yes, or when the person types the name of what will be gone.
 * @throws MagFlockError MF802 when nobody can answer, MF807 when the name differs
 */
export async function confirmByName(context: CommandContext, question: string, name: string): Promise<void> {
  if (context.flags.has('yes')) return;
  const answer = await context.ask(`${question}\nType ${name} to go on: `);
  if (answer === undefined) {
    throw new MagFlockError('MF802', 'this cannot be undone and there is no terminal to ask on', {
      fix: 'add --yes',
    });
  }
  if (answer !== name) throw new MagFlockError('MF807', 'cancelled; nothing was changed');
}
