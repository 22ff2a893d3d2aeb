import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ModelShelf } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import { showShelf } from '../sentinel/show-shelf.ts';

export const sentinelShadowCommand = {
  name: 'sentinel shadow',
  group: 'security',
  summary: 'let a candidate judge live traffic beside the active version, without acting on it',
  description:
    'magflock sentinel status shows on how many values the two would have acted differently, and how.',
  arguments: [{ name: 'version', summary: 'a candidate, from magflock sentinel status', required: false }],
  flags: [{ name: 'off', summary: 'end it' }],
  examples: [
    { command: 'magflock sentinel shadow spring-0be3f821', does: 'begins' },
    { command: 'magflock sentinel shadow --off', does: 'ends' },
  ],
  async run({ args, daemon, flags, output }) {
    const version = args['version'] ?? null;
    if ((version === null) !== flags.has('off')) {
      throw new MagFlockError('MF802', 'sentinel shadow takes a version, or --off', {
        fix: 'magflock sentinel status lists the versions',
      });
    }
    const client = await daemon();
    if (version !== null) await client.ask('POST', '/sentinel/models/rescan', {});
    showShelf(await client.ask<ModelShelf>('POST', '/sentinel/models/shadow', { version }), output);
    return undefined;
  },
} satisfies Command;
