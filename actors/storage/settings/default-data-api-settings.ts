import { dataApiSettingDefinitions } from '../../../runtime/project-settings/data-api-setting-definitions.ts';
import { settingDefaults } from '../../../runtime/project-settings/setting-defaults.ts';
import type { DataApiSettings } from '../../../runtime/protocol/data-api-settings.ts';

/** What holds for a project whose settings nobody touched. */
export const defaultDataApiSettings: DataApiSettings =
  settingDefaults<DataApiSettings>(dataApiSettingDefinitions);
