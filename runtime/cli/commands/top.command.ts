import { setTimeout as wait } from 'node:timers/promises';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { MachineTree } from '../../protocol/tree.protocol.ts';
import type { Command } from '../command.ts';
import { renderTop } from '../render-top.ts';

export const topCommand = {
  name: 'top',
  group: 'machine',
  summary: 'what every actor does: state, mailbox, rate, times, restarts; refreshed until Ctrl-C',
  description:
    'Times are those of the last minute. TURN is the longest time an actor held its thread, CPU its share of one\n' +
    'core on average. Without a terminal one frame is printed.',
  flags: [
    { name: 'once', summary: 'one frame' },
    { name: 'interval', value: 'seconds', summary: 'time between two frames; default 2' },
    { name: 'children', value: 'number', summary: 'children of each actor that are shown; default 5' },
  ],
  examples: [
    { command: 'magflock top', does: 'the screen, until Ctrl-C' },
    { command: 'magflock top --once', does: 'one frame' },
    { command: 'magflock top --json --interval 10', does: 'a frame per line every ten seconds' },
  ],
  async run({ daemon, flags, output, signal }) {
    const client = await daemon();
    const seconds = Number(flags.value('interval') ?? '2');
    if (!(seconds >= 0.2 && seconds <= 3600)) {
      throw new MagFlockError(
        'MF802',
        `--interval takes seconds, 0.2 to 3600, got "${flags.value('interval')}"`,
        {
          fix: '--interval 2',
        },
      );
    }
    const children = encodeURIComponent(flags.value('children') ?? '5');
    const terminal = output.stdout.isTTY === true;
    const once = flags.has('once') || (!terminal && !output.json);
    let before: MachineTree | undefined;
    // Its own screen, as of other programs of this kind: what was there before comes back.
    if (!once && !output.json) output.stdout.write('\u001b[?1049h\u001b[?25l');
    try {
      while (!signal.aborted) {
        const tree = await client.ask<MachineTree>('GET', `/tree?children=${children}`);
        if (output.json) output.document(tree);
        else if (once) output.data(renderTop(tree, before, output));
        else
          output.stdout.write(
            `\u001b[H${clearing(renderTop(tree, before, output), output.stdout.rows)}\u001b[J`,
          );
        before = tree;
        if (once) break;
        await wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
      }
    } catch (thrown) {
      // Ctrl-C while a frame was asked for.
      if (!signal.aborted) throw thrown;
    } finally {
      if (!once && !output.json) output.stdout.write('\u001b[?25h\u001b[?1049l');
    }
    return undefined;
  },
} satisfies Command;

/** Every line erases what was behind it, and there are no more than the terminal has. */
function clearing(frame: string, rows: number | undefined): string {
  return frame
    .split('\n')
    .slice(0, (rows ?? 50) - 1)
    .map((line) => `${line}\u001b[K\n`)
    .join('');
}
