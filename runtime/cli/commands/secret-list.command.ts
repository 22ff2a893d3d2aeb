import type { SecretInfo } from '../../protocol/psu.protocol.ts';
import type { Command } from '../command.ts';

export const secretListCommand = {
  name: 'secret list',
  group: 'access',
  summary: 'the names of the secrets of a project; no command shows a value',
  examples: [{ command: 'magflock secret list --project shop', does: 'names, and when each was set' }],
  async run({ daemon, output, project }) {
    const path = `/secrets?project=${encodeURIComponent(project)}`;
    const secrets = await (await daemon()).ask<readonly SecretInfo[]>('GET', path);
    if (output.json) output.document(secrets);
    else
      output.table(
        ['NAME', 'SET'],
        secrets.map(({ name, updatedAt }) => [name, updatedAt]),
      );
    return undefined;
  },
} satisfies Command;
