import type { SettingsChange } from '../../protocol/motherboard.protocol.ts';
import type { Command } from '../command.ts';
import { showSettingsChange } from '../show-settings-change.ts';

export const configSetCommand = {
  name: 'config set',
  group: 'tools',
  summary: 'change a setting of the running daemon, in its file and, where that can be, at once',
  description:
    'Writes the value into the configuration file of the daemon and reads that again. A value that is not right changes nothing.',
  arguments: [
    { name: 'setting', summary: 'its name, as config show has it', required: true },
    { name: 'value', summary: 'its value; lists as a,b,c', required: true },
  ],
  examples: [
    { command: 'magflock config set log.level debug', does: 'more lines in the log, from now on' },
    { command: 'magflock config set cores 4', does: 'for the next start' },
  ],
  async run({ args, daemon, output }) {
    const request = { name: args['setting']!, value: args['value']! };
    showSettingsChange(await (await daemon()).ask<SettingsChange>('POST', '/settings', request), output);
    return undefined;
  },
} satisfies Command;
