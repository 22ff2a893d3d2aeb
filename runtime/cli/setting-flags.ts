import { type SettingDefinition, type SettingName, settingDefinitions } from '../../config/settings.ts';
import { settingFlag } from '../bios/setting-flag.ts';
import type { Flag } from './command.ts';
import { globalFlags } from './global-flags.ts';

/** A flag for each setting that has no global one; for commands that take all of them. */
export const settingFlags: readonly Flag[] = [
  ...(Object.keys(settingDefinitions) as SettingName[]).flatMap((name) => {
    const definition: SettingDefinition = settingDefinitions[name];
    const flag = settingFlag(name);
    if (flag === undefined || globalFlags.some((one) => one.name === flag)) return [];
    const values = definition.values === undefined ? {} : { choices: definition.values };
    return [{ name: flag, value: definition.type, summary: definition.help, ...values }];
  }),
  { name: 'env-file', value: 'file', summary: 'file of environment variables instead of .env' },
];
