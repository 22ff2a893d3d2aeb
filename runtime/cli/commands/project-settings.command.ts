import type { Command } from '../command.ts';
import { showProjectSettings } from '../show-project-settings.ts';

export const projectSettingsCommand = {
  name: 'project settings',
  group: 'access',
  summary: 'how the API of a project works and verifies tokens',
  description:
    'The names are those of PostgREST in camelCase: db-schemas is dbSchemas. jwtSecret is shown as (set), never\n' +
    'as it is. project settings set and project settings unset change them. Besides these MagFlock limits time,\n' +
    'size and number of what it answers in any case.',
  arguments: [{ name: 'ref', summary: 'the project (default main)', required: false }],
  examples: [
    { command: 'magflock project settings', does: 'all settings of project main' },
    { command: 'magflock project settings shop --json', does: 'those of project shop, for a program' },
  ],
  async run({ args, daemon, output, project }) {
    const path = `/projects/${encodeURIComponent(args['ref'] ?? project)}/settings`;
    showProjectSettings(await (await daemon()).ask<Record<string, unknown>>('GET', path), output);
    return undefined;
  },
} satisfies Command;
