import { describeSettings } from '../../bios/describe-settings.ts';
import { loadSettings } from '../../bios/load-settings.ts';
import type { Command } from '../command.ts';
import { settingFlags } from '../setting-flags.ts';
import { settingsFromFlags } from '../settings-from-flags.ts';

export const configShowCommand = {
  name: 'config show',
  group: 'tools',
  summary: 'every setting with its value; secrets are not shown',
  description: 'As a daemon started here would have them: flags > environment > .env > file > defaults.',
  flags: [{ name: 'origin', summary: 'where each value comes from' }, ...settingFlags],
  examples: [
    { command: 'magflock config show --origin', does: 'values and where they come from' },
    { command: 'PORT=8081 magflock config show --origin --json', does: 'for a program' },
  ],
  async run({ flags, output }) {
    const loaded = loadSettings({ flags: settingsFromFlags(flags), env: process.env, cwd: process.cwd() });
    const settings = describeSettings(loaded);
    if (output.json) {
      output.document(settings);
      return undefined;
    }
    const withOrigin = flags.has('origin');
    output.table(
      withOrigin ? ['SETTING', 'VALUE', 'ORIGIN'] : ['SETTING', 'VALUE', 'HELP'],
      settings.map((setting) => [
        setting.name,
        setting.value === null
          ? '–'
          : Array.isArray(setting.value)
            ? setting.value.join(', ')
            : String(setting.value),
        withOrigin ? setting.origin.where : setting.help,
      ]),
    );
    for (const note of loaded.notes) output.talk(note);
    return undefined;
  },
} satisfies Command;
