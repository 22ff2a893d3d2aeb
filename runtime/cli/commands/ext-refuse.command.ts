import type { Command } from '../command.ts';
import { actOnExtension } from '../extension/act-on-extension.ts';

export const extRefuseCommand = {
  name: 'ext refuse',
  group: 'extensions',
  summary: 'drop the version that waits; the one that serves goes on',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  examples: [{ command: 'magflock ext refuse hello', does: 'the old version stays' }],
  run: (context) =>
    actOnExtension(
      context,
      'decide',
      { accept: false },
      ({ name, version }) => `${name} stays at ${version}`,
    ),
} satisfies Command;
