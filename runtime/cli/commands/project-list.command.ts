import type { ProjectInfo } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';
import { formatBytes } from '../format-bytes.ts';

export const projectListCommand = {
  name: 'project list',
  group: 'access',
  summary: 'the projects of this machine',
  examples: [{ command: 'magflock project list --json', does: 'with their database URLs' }],
  async run({ daemon, output }) {
    const projects = await (await daemon()).ask<readonly ProjectInfo[]>('GET', '/projects');
    if (output.json) output.document(projects);
    else {
      output.table(
        ['REF', 'DATABASE', 'SIZE', 'MADE'],
        projects.map((project) => [
          project.ref,
          project.database,
          formatBytes(project.bytes),
          project.createdAt,
        ]),
      );
    }
    return undefined;
  },
} satisfies Command;
