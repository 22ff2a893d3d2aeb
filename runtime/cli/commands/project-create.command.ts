import type { ProjectInfo } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';

export const projectCreateCommand = {
  name: 'project create',
  group: 'access',
  summary: 'make a project: a database of its own, with logins and keys of its own',
  arguments: [{ name: 'ref', summary: 'its name: 1 to 40 of a-z and 0-9', required: true }],
  examples: [{ command: 'magflock project create shop', does: 'served under /p/shop' }],
  async run({ args, daemon, output }) {
    const project = await (await daemon()).ask<ProjectInfo>('POST', '/projects', { ref: args['ref'] });
    if (output.json) output.document(project);
    else {
      output.talk(`made project ${project.ref}, database ${project.database}`);
      output.talk(`next: magflock key create --role service_role --project ${project.ref}`);
    }
    return undefined;
  },
} satisfies Command;
