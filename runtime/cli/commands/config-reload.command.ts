import type { SettingsChange } from '../../protocol/motherboard.protocol.ts';
import type { Command } from '../command.ts';
import { showSettingsChange } from '../show-settings-change.ts';

export const configReloadCommand = {
  name: 'config reload',
  group: 'tools',
  summary: 'let the running daemon read its settings again',
  description:
    'What can change in a running machine is in force at once; what needs a restart is named. When anything in the file is wrong, nothing changes.',
  examples: [{ command: 'magflock config reload', does: 'after the configuration file was edited' }],
  async run({ daemon, output }) {
    showSettingsChange(await (await daemon()).ask<SettingsChange>('POST', '/settings/reload'), output);
    return undefined;
  },
} satisfies Command;
