import { type SettingName, settingDefinitions } from '../../config/settings.ts';

/** Flags whose name does not follow from the setting's. */
const short: Partial<Record<SettingName, string>> = { dataDir: 'data' };

/**
 * The command-line flag of a setting, without dashes: `port`, `admin-port`, `log-level`; undefined for secrets,
 * which have none because command lines are visible to every user of the machine.
 */
export function settingFlag(name: SettingName): string | undefined {
  if ('secret' in settingDefinitions[name]) return undefined;
  return short[name] ?? name.replaceAll('.', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
