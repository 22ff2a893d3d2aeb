import type { Command } from '../command.ts';
import { confirmByName } from '../confirm-by-name.ts';

export const secretRemoveCommand = {
  name: 'secret remove',
  group: 'access',
  summary: 'delete a secret of a project',
  description: 'Asks you to type the name; --yes answers for scripts.',
  arguments: [{ name: 'name', summary: 'the secret, from magflock secret list', required: true }],
  examples: [{ command: 'magflock secret remove mail.token --yes', does: 'without asking' }],
  async run(context) {
    const { args, daemon, output, project } = context;
    const name = args['name']!;
    await confirmByName(context, `Extensions that read the secret ${name} will fail.`, name);
    const path = `/secrets/${encodeURIComponent(name)}?project=${encodeURIComponent(project)}`;
    const answer = await (await daemon()).ask<{ name: string }>('DELETE', path);
    if (output.json) output.document(answer);
    else output.talk(`removed secret ${answer.name}`);
    return undefined;
  },
} satisfies Command;
