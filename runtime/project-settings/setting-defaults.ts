import type { ProjectSettingDefinition } from './setting-definition.ts';

/** The defaults of a set of settings as one object. */
export function settingDefaults<T extends object>(
  definitions: Readonly<Record<keyof T & string, ProjectSettingDefinition>>,
): T {
  return Object.freeze(
    Object.fromEntries(
      Object.entries<ProjectSettingDefinition>(definitions).map(([name, { default: value }]) => [
        name,
        value,
      ]),
    ),
  ) as T;
}
