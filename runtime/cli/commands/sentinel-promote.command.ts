import type { ModelShelf } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import { showShelf } from '../sentinel/show-shelf.ts';

export const sentinelPromoteCommand = {
  name: 'sentinel promote',
  group: 'security',
  summary: 'let a candidate of the training judge from now on; no request waits for it',
  description:
    'Refused (MF313) when the candidate is worse than the active version on a fold that neither was trained on.',
  arguments: [{ name: 'version', summary: 'a candidate, from magflock sentinel status', required: true }],
  examples: [
    {
      command: 'magflock sentinel promote spring-0be3f821',
      does: 'the candidate becomes the active version',
    },
  ],
  async run({ args, daemon, output }) {
    const client = await daemon();
    // Trained a moment ago, perhaps.
    await client.ask('POST', '/sentinel/models/rescan', {});
    const body = { version: args['version'] };
    const shelf = await client.ask<ModelShelf>('POST', '/sentinel/models/promote', body);
    showShelf(shelf, output);
    output.talk(`${shelf.active.version} judges now; magflock sentinel rollback takes it back`);
    return undefined;
  },
} satisfies Command;
