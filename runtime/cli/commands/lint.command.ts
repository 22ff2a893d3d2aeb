import type { LintFinding } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';

const colours = { error: 'red', warning: 'yellow', performance: 'cyan' } as const;

export const lintCommand = {
  name: 'lint',
  group: 'security',
  summary: 'check the row security of what the API shows',
  description:
    'Looks at tables, views, functions and policies of the exposed schemas: what strangers or users reach that no\n' +
    'policy guards, and policies that are slow. Changes nothing. Exit code 4 when there are findings.',
  examples: [
    { command: 'magflock lint', does: 'project main' },
    { command: 'magflock lint --project shop --json', does: 'another project, for a program' },
  ],
  async run({ daemon, output, project }) {
    const client = await daemon();
    const findings = await client.ask<readonly LintFinding[]>('GET', `/projects/${project}/lint`);
    if (output.json) output.document({ project, findings });
    else {
      for (const { rule, level, object, detail, fix } of findings) {
        output.data(`${output.style(colours[level], level)}  ${output.style('bold', object)}  ${detail}`);
        output.data(`  rule  ${rule}`);
        output.data(`  fix   ${fix}\n`);
      }
      output.talk(
        findings.length === 0 ? 'nothing found' : `${findings.length} findings in project ${project}`,
      );
    }
    return findings.length === 0 ? 0 : 4;
  },
} satisfies Command;
