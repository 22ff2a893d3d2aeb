import { text as readStream } from 'node:stream/consumers';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { SecretInfo } from '../../protocol/psu.protocol.ts';
import { askHidden } from '../ask-hidden.ts';
import type { Command } from '../command.ts';

export const secretSetCommand = {
  name: 'secret set',
  group: 'access',
  summary: 'store a secret that extensions may be allowed to read by its name',
  description:
    'The value comes from standard input, without the line break at its end, or from a prompt that does not\n' +
    'show it. Never from an argument: other users see those, and shells remember them. At most 64 kB of text,\n' +
    'encrypted at rest.',
  arguments: [{ name: 'name', summary: 'letters, digits, dots, dashes, underscores', required: true }],
  examples: [
    { command: 'magflock secret set mail.token', does: 'asks for the value' },
    { command: 'magflock secret set mail.token --project shop < token.txt', does: 'from a file' },
  ],
  async run({ args, daemon, output, project, signal }) {
    const name = args['name']!;
    const value = await readValue(name, signal);
    if (value === '') throw new MagFlockError('MF671', 'the value is empty; nothing was stored');
    const path = `/secrets/${encodeURIComponent(name)}?project=${encodeURIComponent(project)}`;
    const secret = await (await daemon()).ask<SecretInfo>('POST', path, { value });
    if (output.json) output.document(secret);
    else output.talk(`stored secret ${secret.name} of project ${secret.project}`);
    return undefined;
  },
} satisfies Command;

async function readValue(name: string, signal: AbortSignal): Promise<string> {
  if (process.stdin.isTTY) return askHidden(`Value of ${name} (not shown): `, signal);
  return (await readStream(process.stdin)).replace(/\r?\n$/, '');
}
