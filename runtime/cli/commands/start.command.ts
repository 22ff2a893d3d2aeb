import type { Command } from '../command.ts';
import { settingFlags } from '../setting-flags.ts';
import { settingsFromFlags } from '../settings-from-flags.ts';

export const startCommand = {
  name: 'start',
  group: 'machine',
  summary: 'boot the machine and stay until Ctrl-C',
  description:
    'Boots in the foreground: power-on self test, addresses, and on the first run the keys.\n' +
    'The first Ctrl-C lets requests in flight finish; a second one forces the end.',
  flags: settingFlags,
  examples: [
    { command: 'magflock start', does: 'boot in ./.magflock on port 8080' },
    { command: 'magflock start --data /srv/shop --port 80 --host 0.0.0.0', does: 'for the whole network' },
    { command: 'DATABASE_URL=postgres://… magflock start', does: 'with a PostgreSQL of your own' },
    { command: 'magflock start --json', does: 'one JSON object per event, the last one is "ready"' },
  ],
  async run({ flags, output }) {
    // The machine is big; every other command does without it.
    const { runDaemon } = await import('../../daemon.ts');
    const code = await runDaemon({ flags: settingsFromFlags(flags), json: output.json });
    // Everything is down; what a part may have forgotten must not keep the process.
    process.exit(code);
  },
} satisfies Command;
