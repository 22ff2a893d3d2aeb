import type { Command } from '../command.ts';
import { actOnExtension } from '../extension/act-on-extension.ts';

export const extEnableCommand = {
  name: 'ext enable',
  group: 'extensions',
  summary: 'let an extension run again that was disabled',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  examples: [{ command: 'magflock ext enable hello', does: 'and it answers again' }],
  run: (context) => actOnExtension(context, 'enable', {}, ({ name }) => `${name} runs again`),
} satisfies Command;
