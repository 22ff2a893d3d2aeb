import { type SettingDefinition, type SettingName, settingDefinitions } from '../../config/settings.ts';
import type { LoadedSettings } from './load-settings.ts';
import type { SettingOrigin } from './setting-origin.ts';

export interface DescribedSetting {
  readonly name: SettingName;
  /** The value; a secret that is set shows as `[set]`. */
  readonly value: string | number | boolean | readonly string[] | null;
  readonly origin: SettingOrigin;
  readonly reload: 'live' | 'restart';
  readonly help: string;
}

/** Settings as they may be shown: `magflock config show`, the control socket. Secrets never leave. */
export function describeSettings(
  loaded: Pick<LoadedSettings, 'settings' | 'origins'>,
): readonly DescribedSetting[] {
  return (Object.keys(settingDefinitions) as SettingName[]).map((name) => {
    const definition: SettingDefinition = settingDefinitions[name];
    const value = loaded.settings[name];
    return {
      name,
      value: definition.secret && value !== null ? '[set]' : value,
      origin: loaded.origins[name],
      reload: definition.reload,
      help: definition.help,
    };
  });
}
