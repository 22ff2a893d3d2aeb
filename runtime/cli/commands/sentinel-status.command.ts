import type { SentinelStatus } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import { describePatrol } from '../sentinel/describe-patrol.ts';

export const sentinelStatusCommand = {
  name: 'sentinel status',
  group: 'security',
  summary: 'the patrol: mode, agents, models and their versions, what was not judged, blocks',
  examples: [
    { command: 'magflock sentinel status', does: 'for people' },
    { command: 'magflock sentinel status --json', does: 'for programs' },
  ],
  async run({ daemon, output }) {
    const status = await (await daemon()).ask<SentinelStatus>('GET', '/sentinel');
    if (output.json) output.document(status);
    else output.data(describePatrol(status, output));
    return undefined;
  },
} satisfies Command;
