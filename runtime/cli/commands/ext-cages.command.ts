import type { ExtensionsProtocol } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { safeText } from '../extension/safe-text.ts';
import { formatBytes } from '../format-bytes.ts';

export const extCagesCommand = {
  name: 'ext cages',
  group: 'extensions',
  summary: 'the processes extensions run in: who is inside, memory, which walls are up',
  examples: [{ command: 'magflock ext cages', does: 'a table' }],
  async run({ daemon, output }) {
    const cages = await (await daemon()).ask<ReturnType<ExtensionsProtocol['cages']>>('GET', '/cages');
    if (output.json) output.document(cages);
    else if (cages.length === 0) output.talk('no cages: nothing runs in one now');
    else {
      output.table(
        ['PID', 'TRUST', 'MEMORY', 'SINCE', 'INSIDE', 'WALLS'],
        cages.map((cage) => [
          String(cage.pid),
          cage.trust,
          formatBytes(cage.memoryBytes),
          cage.startedAt,
          cage.tenants.map((id) => safeText(id)).join(', '),
          cage.walls.join(' '),
        ]),
      );
    }
    return undefined;
  },
} satisfies Command;
