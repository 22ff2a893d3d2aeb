import { dataApiSettingDefinitions } from './data-api-setting-definitions.ts';
import type { ProjectSettingDefinition } from './setting-definition.ts';
import { tokenSettingDefinitions } from './token-setting-definitions.ts';

/** Every setting of a project, whichever part keeps it. */
export const projectSettingDefinitions: Readonly<Record<string, ProjectSettingDefinition>> = {
  ...dataApiSettingDefinitions,
  ...tokenSettingDefinitions,
};
