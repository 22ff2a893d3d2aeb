import type { Command } from '../command.ts';

interface Answer {
  readonly project: string;
  readonly schemas: readonly string[];
  readonly types: string;
}

export const typesTypescriptCommand = {
  name: 'types typescript',
  group: 'data',
  summary: "write a project's database as types for supabase-js",
  description:
    'Tables, views, functions, enums and composite types of the exposed schemas, as createClient<Database>\n' +
    'takes them. Goes to standard output; the same database gives the same text.',
  flags: [{ name: 'schema', value: 'names', summary: 'only these schemas, separated by commas' }],
  examples: [
    { command: 'magflock types typescript > database.types.ts', does: 'types of project main' },
    {
      command: 'magflock types typescript --project shop --schema public,stock',
      does: 'two schemas of shop',
    },
  ],
  async run({ flags, daemon, output, project }) {
    const schema = flags.value('schema');
    const query = schema === undefined ? '' : `?schema=${encodeURIComponent(schema)}`;
    const path = `/projects/${encodeURIComponent(project)}/types/typescript${query}`;
    const answer = await (await daemon()).ask<Answer>('GET', path);
    if (output.json) output.document(answer);
    else output.data(answer.types.trimEnd());
    return undefined;
  },
} satisfies Command;
