import { type Settings, settingDefinitions } from '../../../config/settings.ts';

/** Every setting at its default. */
export function defaultSettings(): Settings {
  const entries = Object.entries(settingDefinitions).map(([name, definition]) => [name, definition.default]);
  return Object.fromEntries(entries) as unknown as Settings;
}
