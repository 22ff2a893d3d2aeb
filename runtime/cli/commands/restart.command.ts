import type { Command } from '../command.ts';

export const restartCommand = {
  name: 'restart',
  group: 'machine',
  summary: 'restart one part of the running machine',
  description: 'Its mailbox is kept; the others go on. magflock status lists the parts.',
  arguments: [{ name: 'part', summary: 'name of the part', required: true }],
  examples: [{ command: 'magflock restart sentinel', does: 'a new incarnation of MagSentinel' }],
  async run({ args, daemon, output }) {
    const part = args['part']!;
    const answer = await (await daemon()).ask<{ incarnation: number }>('POST', '/restart', { part });
    if (output.json) output.document(answer);
    else output.talk(`${part} runs again, incarnation ${answer.incarnation}`);
    return undefined;
  },
} satisfies Command;
