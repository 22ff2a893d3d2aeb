import type { AddressBlock, Threat } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import { describeThreat } from '../sentinel/describe-threat.ts';

export const threatShowCommand = {
  name: 'threat show',
  group: 'security',
  summary: 'one incident: why it was judged so, whence it came, what was done about it',
  description:
    'The signature that matched, or the features that raised the score of the model and the family of attacks\n' +
    'that is nearest. The value itself is not kept: its first characters and its SHA-256 are.',
  arguments: [
    {
      name: 'id',
      summary: 'of the incident, from magflock threats or from the refused request',
      required: true,
    },
  ],
  examples: [
    { command: 'magflock threat show 0198c0de-0000-7000-8000-000000000001', does: 'for people' },
    {
      command: 'magflock threat show 0198c0de-0000-7000-8000-000000000001 --json',
      does: 'everything that is kept, with the block of the address or null',
    },
  ],
  async run({ args, daemon, output }) {
    const client = await daemon();
    const threat = await client.ask<Threat>('GET', `/sentinel/threats/${encodeURIComponent(args['id']!)}`);
    const query = new URLSearchParams({ project: threat.project });
    const blocks = await client.ask<readonly AddressBlock[]>('GET', `/sentinel/blocks?${query}`);
    const block = blocks.find(
      ({ address, keyId, incidents }) =>
        incidents.includes(threat.id) || (address === threat.address && keyId === threat.keyId),
    );
    if (output.json) output.document({ ...threat, block: block ?? null });
    else output.data(describeThreat(threat, block, output));
    return undefined;
  },
} satisfies Command;
