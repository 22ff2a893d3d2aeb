import type { AddressBlock } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import { safeText } from '../extension/safe-text.ts';

export const blocksCommand = {
  name: 'blocks',
  group: 'security',
  summary: 'addresses that are refused everything for a while, and why',
  description:
    'An address is blocked together with the key it used (or none) after several distinct attacks. A block ends by\n' +
    'itself; magflock unblock lifts it. Of all projects, unless --project names one.',
  examples: [
    { command: 'magflock blocks', does: 'as a table' },
    { command: 'magflock blocks --project shop --json', does: 'with the incidents that led to each' },
  ],
  async run({ daemon, flags, output }) {
    const project = flags.value('project');
    const query = project === undefined ? '' : `?project=${encodeURIComponent(project)}`;
    const blocks = await (await daemon()).ask<readonly AddressBlock[]>('GET', `/sentinel/blocks${query}`);
    if (output.json) {
      output.document(blocks);
      return undefined;
    }
    if (blocks.length === 0) {
      output.talk('no address is blocked');
      return undefined;
    }
    output.table(
      ['ID', 'PROJECT', 'ADDRESS', 'KEY', 'SINCE', 'UNTIL', 'INCIDENTS', 'REASON'],
      blocks.map((block) => [
        block.id,
        block.project,
        block.address,
        block.keyId ?? '–',
        block.since,
        block.until,
        String(block.incidents.length),
        safeText(block.reason),
      ]),
    );
    return undefined;
  },
} satisfies Command;
