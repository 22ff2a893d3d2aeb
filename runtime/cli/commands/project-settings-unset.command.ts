import { checkSettingChanges } from '../../project-settings/check-setting-changes.ts';
import { projectSettingDefinitions } from '../../project-settings/project-setting-definitions.ts';
import type { Command } from '../command.ts';

export const projectSettingsUnsetCommand = {
  name: 'project settings unset',
  group: 'access',
  summary: 'give settings of a project their default again',
  arguments: [{ name: 'name', summary: 'setting, as often as you like', required: true, many: true }],
  examples: [
    { command: 'magflock project settings unset dbMaxRows dbSchemas', does: 'as if they had never been set' },
    {
      command: 'magflock project settings unset jwtSecret --project shop',
      does: 'accept no tokens any more',
    },
  ],
  async run({ words, daemon, output, project }) {
    checkSettingChanges(projectSettingDefinitions, Object.fromEntries(words.map((name) => [name, null])));
    const path = `/projects/${encodeURIComponent(project)}/settings`;
    const settings = await (await daemon()).ask<Record<string, unknown>>('POST', path, { unset: words });
    if (output.json) output.document(settings);
    else output.talk(`project ${project}: ${words.join(', ')} back to default`);
    return undefined;
  },
} satisfies Command;
