import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { confirmByName } from '../confirm-by-name.ts';
import { extensionPath } from '../extension/extension-path.ts';
import { whileWaiting } from '../extension/while-waiting.ts';

export const extRemoveCommand = {
  name: 'ext remove',
  group: 'extensions',
  summary: 'take an extension out, with its tables and files',
  description: 'Asks you to type the name; --yes answers for scripts.',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  flags: [{ name: 'keep-data', summary: 'leaves its tables and files for a later installation' }],
  examples: [
    { command: 'magflock ext remove hello', does: 'asks first' },
    { command: 'magflock ext remove hello --keep-data --yes', does: 'without asking; its tables stay' },
  ],
  async run(context) {
    const { args, daemon, flags, output } = context;
    const client = await daemon();
    const info = await client.ask<ExtensionInfo>('GET', extensionPath(args['name']!));
    const keep = flags.has('keep-data');
    const what = keep ? 'will be gone; its data stays' : 'will be gone, with its tables and files';
    await confirmByName(context, `The extension ${info.name} ${what}.`, info.name);
    const answer = await whileWaiting(
      output,
      `removing ${info.name}`,
      client.ask<{ id: string }>('DELETE', `${extensionPath(info.id)}?keepData=${keep}`),
    );
    if (output.json) output.document(answer);
    else output.talk(`removed ${info.name}`);
    return undefined;
  },
} satisfies Command;
