import type { Command } from '../command.ts';
import { actOnExtension } from '../extension/act-on-extension.ts';

export const extReleaseCommand = {
  name: 'ext release',
  group: 'extensions',
  summary: 'let an extension out of quarantine',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  examples: [{ command: 'magflock ext release hello', does: 'and it runs again' }],
  run: (context) => actOnExtension(context, 'release', {}, ({ name }) => `${name} is out of quarantine`),
} satisfies Command;
