import type { Command } from '../command.ts';
import { actOnExtension } from '../extension/act-on-extension.ts';

export const extQuarantineCommand = {
  name: 'ext quarantine',
  group: 'extensions',
  summary: 'end an extension at once and keep it ended',
  description: 'Its calls are refused, its data, grants and history stay to be looked at.',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  flags: [{ name: 'reason', value: 'text', summary: 'what ext info and the audit log say' }],
  examples: [
    {
      command: 'magflock ext quarantine hello --reason "sends too much"',
      does: 'until magflock ext release',
    },
  ],
  run: (context) =>
    actOnExtension(
      context,
      'quarantine',
      { reason: context.flags.value('reason') ?? 'an operator put it there' },
      ({ name }) => `${name} is in quarantine; magflock ext release ${name} lets it in again`,
    ),
} satisfies Command;
