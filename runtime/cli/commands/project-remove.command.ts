import type { Command } from '../command.ts';
import { confirmByName } from '../confirm-by-name.ts';

export const projectRemoveCommand = {
  name: 'project remove',
  group: 'access',
  summary: 'delete a project with its database, logins and keys',
  description: 'Asks you to type the name; --yes answers for scripts. Its audit chain stays.',
  arguments: [{ name: 'ref', summary: 'the project', required: true }],
  examples: [{ command: 'magflock project remove shop --yes', does: 'without asking' }],
  async run(context) {
    const ref = context.args['ref']!;
    await confirmByName(context, `All data of project ${ref} will be gone.`, ref);
    const client = await context.daemon();
    const answer = await client.ask<{ ref: string }>('DELETE', `/projects/${encodeURIComponent(ref)}`);
    if (context.output.json) context.output.document(answer);
    else context.output.talk(`removed project ${ref}`);
    return undefined;
  },
} satisfies Command;
