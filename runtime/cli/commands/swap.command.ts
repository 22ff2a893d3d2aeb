import { resolve } from 'node:path';
import type { Swapped } from '../../supervision/hot-swap.ts';
import type { Command } from '../command.ts';

export const swapCommand = {
  name: 'swap',
  group: 'machine',
  summary: 'put a new version of a part in its place without losing a message',
  description:
    'The new version is started beside the running one and takes its state over; what waits follows. When anything fails, the old version goes on. Parts that cannot be swapped say why: restart those.',
  arguments: [{ name: 'part', summary: 'name of the part', required: true }],
  flags: [
    { name: 'module', value: 'file', summary: 'module of the new version; without it its own is read again' },
    { name: 'force', summary: 'also when parts that require it cannot follow, or its state is lost' },
  ],
  examples: [
    { command: 'magflock swap sentinel', does: 'after its code has changed' },
    { command: 'magflock swap psu --module ./psu-2.actor.js --json', does: 'another version, for a program' },
  ],
  async run({ args, flags, daemon, output }) {
    const part = args['part']!;
    const module = flags.value('module');
    const answer = await (await daemon()).ask<Swapped>('POST', '/swap', {
      part,
      ...(module !== undefined ? { module: resolve(module) } : {}),
      ...(flags.has('force') ? { force: true } : {}),
    });
    if (output.json) output.document(answer);
    else {
      const { fromVersion, toVersion, incarnation, pausedMs } = answer;
      output.talk(
        `${part} went from ${fromVersion} to ${toVersion}, incarnation ${incarnation}; it paused for ${pausedMs.toFixed(1)} ms`,
      );
    }
    return undefined;
  },
} satisfies Command;
