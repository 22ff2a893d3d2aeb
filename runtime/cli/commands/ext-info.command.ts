import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { explainExtension } from '../extension/explain-extension.ts';
import { extensionPath } from '../extension/extension-path.ts';

export const extInfoCommand = {
  name: 'ext info',
  group: 'extensions',
  summary: 'one extension: state and why, what it may do, what it uses, what has happened to it',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  examples: [
    { command: 'magflock ext info hello', does: 'in words' },
    { command: 'magflock ext info acme.hello --json', does: 'all of it, manifest included' },
  ],
  async run({ args, daemon, output }) {
    const client = await daemon();
    const info = await client.ask<ExtensionInfo>('GET', extensionPath(args['name']!));
    if (output.json) output.document(info);
    else for (const line of explainExtension(info, output)) output.data(line);
    return undefined;
  },
} satisfies Command;
