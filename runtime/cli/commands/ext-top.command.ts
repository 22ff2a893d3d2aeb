import { setTimeout as wait } from 'node:timers/promises';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { renderExtensionTop } from '../extension/render-extension-top.ts';

export const extTopCommand = {
  name: 'ext top',
  group: 'extensions',
  summary: 'what every extension uses: calls, processor, memory, rows, network, disk; refreshed until Ctrl-C',
  description: 'REFUSED counts what was over a limit. Without a terminal one frame is printed.',
  flags: [
    { name: 'once', summary: 'one frame' },
    { name: 'interval', value: 'seconds', summary: 'time between two frames; default 2' },
  ],
  examples: [
    { command: 'magflock ext top', does: 'the screen, until Ctrl-C' },
    { command: 'magflock ext top --once', does: 'one frame' },
    { command: 'magflock ext top --json --interval 10', does: 'a frame per line every ten seconds' },
  ],
  async run({ daemon, flags, output, signal }) {
    const seconds = Number(flags.value('interval') ?? '2');
    if (!(seconds >= 0.2 && seconds <= 3600)) {
      throw new MagFlockError(
        'MF802',
        `--interval takes seconds, 0.2 to 3600, got "${flags.value('interval')}"`,
        { fix: '--interval 2' },
      );
    }
    const client = await daemon();
    const terminal = output.stdout.isTTY === true;
    const once = flags.has('once') || (!terminal && !output.json);
    const screen = !once && !output.json;
    let before: { readonly at: number; readonly all: readonly ExtensionInfo[] } | undefined;
    if (screen) output.stdout.write('\u001b[?1049h\u001b[?25l');
    try {
      while (!signal.aborted) {
        const frame = {
          at: Date.now(),
          all: await client.ask<readonly ExtensionInfo[]>('GET', '/extensions'),
        };
        if (output.json) {
          const used = frame.all.map(({ id, name, version, state, usage }) => ({
            id,
            name,
            version,
            state,
            usage,
          }));
          output.document({ at: new Date(frame.at).toISOString(), extensions: used });
        } else {
          const text = renderExtensionTop(frame, before, output);
          const rows = text.split('\n').slice(0, (output.stdout.rows || 50) - 1);
          if (screen)
            output.stdout.write(`\u001b[H${rows.map((row) => `${row}\u001b[K\n`).join('')}\u001b[J`);
          else output.data(text);
        }
        before = frame;
        if (once) break;
        await wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
      }
    } catch (thrown) {
      // Ctrl-C while a frame was asked for.
      if (!signal.aborted) throw thrown;
    } finally {
      if (screen) output.stdout.write('\u001b[?25h\u001b[?1049l');
    }
    return undefined;
  },
} satisfies Command;
