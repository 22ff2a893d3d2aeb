import type { AddressBlock } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';

export const unblockCommand = {
  name: 'unblock',
  group: 'security',
  summary: 'lift a block, or all of an address, at work before the command returns',
  arguments: [
    { name: 'target', summary: 'an address, or the id of a block, from magflock blocks', required: true },
  ],
  examples: [
    { command: 'magflock unblock 192.0.2.7', does: 'all blocks of the address, whatever its keys' },
    { command: 'magflock unblock 0198c0de-0000-7000-8000-000000000001', does: 'one block' },
  ],
  async run({ args, daemon, output }) {
    const client = await daemon();
    const lifted = await client.ask<readonly AddressBlock[]>('POST', '/sentinel/unblock', {
      target: args['target'],
    });
    if (output.json) output.document(lifted);
    else {
      for (const { address, keyId, project } of lifted) {
        output.talk(
          `${address} may ask project ${project} again${keyId === null ? '' : ` with key ${keyId}`}`,
        );
      }
    }
    return undefined;
  },
} satisfies Command;
