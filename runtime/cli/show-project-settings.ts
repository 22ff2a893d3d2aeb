import { projectSettingDefinitions } from '../project-settings/project-setting-definitions.ts';
import type { Output } from './output.ts';

/** Settings of a project as a table, or as the JSON that came. */
export function showProjectSettings(settings: Readonly<Record<string, unknown>>, output: Output): void {
  if (output.json) {
    output.document(settings);
    return;
  }
  output.table(
    ['SETTING', 'VALUE', 'HELP'],
    Object.entries(projectSettingDefinitions).map(([name, { kind, help }]) => [
      name,
      textOf(settings[name], kind),
      help,
    ]),
  );
}

function textOf(value: unknown, kind: string): string {
  if (value === null || value === undefined) return '–';
  if (kind === 'list' && Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
