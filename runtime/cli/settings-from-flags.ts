import type { ParsedFlags } from './parse-command-line.ts';
import { settingFlags } from './setting-flags.ts';

const names = ['data', 'port', 'admin-port', 'config', ...settingFlags.map((flag) => flag.name)];

/** The flags given that `loadSettings` knows: every setting's, the settings file and the .env file. */
export function settingsFromFlags(flags: ParsedFlags): Record<string, string> {
  const given = names.flatMap((name): [string, string][] => {
    const value = flags.value(name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(given);
}
