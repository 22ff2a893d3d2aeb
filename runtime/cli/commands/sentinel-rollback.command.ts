import type { ModelShelf } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import { showShelf } from '../sentinel/show-shelf.ts';

export const sentinelRollbackCommand = {
  name: 'sentinel rollback',
  group: 'security',
  summary: 'let the version before judge again',
  examples: [{ command: 'magflock sentinel rollback', does: 'the previous version becomes the active one' }],
  async run({ daemon, output }) {
    const shelf = await (await daemon()).ask<ModelShelf>('POST', '/sentinel/models/rollback', {});
    showShelf(shelf, output);
    output.talk(`${shelf.active.version} judges again`);
    return undefined;
  },
} satisfies Command;
