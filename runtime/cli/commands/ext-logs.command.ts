import { setTimeout as wait } from 'node:timers/promises';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExtensionsProtocol } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { extensionPath } from '../extension/extension-path.ts';
import { NewLogLines } from '../extension/new-log-lines.ts';
import { safeText } from '../extension/safe-text.ts';
import type { Output } from '../output.ts';

type Line = ReturnType<ExtensionsProtocol['logs']>[number];

const followMs = 400;
const colours = { debug: 'dim', info: 'reset', warn: 'yellow', error: 'red' } as const;

export const extLogsCommand = {
  name: 'ext logs',
  group: 'extensions',
  summary: 'what an extension writes to its log',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  flags: [
    { name: 'follow', summary: 'go on with new lines until Ctrl-C' },
    { name: 'limit', value: 'number', summary: 'the newest so many (default 100)' },
  ],
  examples: [
    { command: 'magflock ext logs hello', does: 'the newest hundred lines' },
    { command: 'magflock ext logs hello --follow', does: 'as they come' },
    { command: 'magflock ext logs hello --json --limit 1000', does: 'one line per object' },
  ],
  async run({ args, daemon, flags, output, signal }) {
    const limit = flags.value('limit') ?? '100';
    if (!/^[1-9]\d{0,3}$/.test(limit)) {
      throw new MagFlockError('MF802', `--limit takes 1 to 9999, got "${limit}"`, { fix: '--limit 100' });
    }
    const client = await daemon();
    const read = (count: string): Promise<readonly Line[]> =>
      client.ask<readonly Line[]>('GET', extensionPath(args['name']!, `/logs?limit=${count}`));
    const fresh = new NewLogLines('');
    for (const line of fresh.of(await read(limit))) show(line, output);
    while (flags.has('follow') && !signal.aborted) {
      await wait(followMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      for (const line of fresh.of(await read('1000'))) show(line, output);
    }
    return undefined;
  },
} satisfies Command;

function show(line: Line, output: Output): void {
  if (output.json) {
    output.document(line);
    return;
  }
  const colour = colours[line.level as keyof typeof colours] ?? 'reset';
  const level = output.style(colour, safeText(line.level, 10).padEnd(5));
  output.data(`${output.style('dim', safeText(line.at, 30))}  ${level}  ${safeText(line.text, 4000)}`);
}
