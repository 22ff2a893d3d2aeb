import type { Command } from '../command.ts';
import { actOnExtension } from '../extension/act-on-extension.ts';

export const extDisableCommand = {
  name: 'ext disable',
  group: 'extensions',
  summary: 'stop an extension and keep it stopped; its data and grants stay',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  examples: [{ command: 'magflock ext disable hello', does: 'until it is enabled' }],
  run: (context) =>
    actOnExtension(context, 'disable', {}, ({ name }) => `${name} is stopped until magflock ext enable`),
} satisfies Command;
