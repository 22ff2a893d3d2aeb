import type { Command } from '../command.ts';

export const checkpointCommand = {
  name: 'checkpoint',
  group: 'security',
  summary: 'seal what waits and export a signed checkpoint of the audit chain now',
  description:
    'Entries covered by an exported checkpoint cannot be removed unnoticed. Keep a copy elsewhere.',
  examples: [{ command: 'magflock checkpoint --project shop', does: 'prints the file it was written to' }],
  async run({ daemon, output, project }) {
    const client = await daemon();
    const answer = await client.ask<{ seq: number; file: string }>('POST', '/checkpoint', { project });
    if (output.json) output.document(answer);
    else {
      output.data(answer.file);
      output.talk(`covers the chain of ${project} up to entry ${answer.seq}`);
    }
    return undefined;
  },
} satisfies Command;
