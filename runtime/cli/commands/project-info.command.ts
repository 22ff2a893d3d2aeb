import type { ProjectInfo } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';
import { formatBytes } from '../format-bytes.ts';

export const projectInfoCommand = {
  name: 'project info',
  group: 'access',
  summary: "a project's addresses: its API and its database as the owner",
  description: 'The database URL holds the password of the owner, who is not a superuser.',
  arguments: [{ name: 'ref', summary: 'the project (default main)', required: false }],
  examples: [
    { command: 'magflock project info main', does: 'addresses of project main' },
    { command: 'psql "$(magflock project info main --json | jq -r .databaseUrl)"', does: 'open it in psql' },
  ],
  async run({ args, daemon, output, project: flag }) {
    const ref = args['ref'] ?? flag;
    const client = await daemon();
    const project = await client.ask<ProjectInfo & { restUrl: string }>(
      'GET',
      `/projects/${encodeURIComponent(ref)}`,
    );
    if (output.json) output.document(project);
    else {
      output.data(`Project      ${project.ref}`);
      output.data(`REST API     ${project.restUrl}`);
      output.data(`supabase-js  ${project.restUrl.replace(/\/api$/, '')}`);
      output.data(`Database     ${project.databaseUrl}`);
      output.data(`Size         ${formatBytes(project.bytes)}`);
      output.data(`Made         ${project.createdAt}`);
    }
    return undefined;
  },
} satisfies Command;
