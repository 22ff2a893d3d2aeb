import type { VerifyReport } from '../../protocol/audit.protocol.ts';
import type { Command } from '../command.ts';

export const logsVerifyCommand = {
  name: 'logs verify',
  group: 'security',
  summary: 'check the audit chain against itself and its exported checkpoints',
  description: 'Names every entry that was edited, removed or reordered. Exit code 4 when there is one.',
  flags: [{ name: 'all', summary: 'the chains of all projects' }],
  examples: [
    { command: 'magflock logs verify', does: 'the chain of project main' },
    { command: 'magflock logs verify --all --json', does: 'every chain, for a program' },
  ],
  async run({ daemon, flags, output, project }) {
    const query = flags.has('all') ? '' : `?project=${encodeURIComponent(project)}`;
    const report = await (await daemon()).ask<VerifyReport>('GET', `/logs/verify${query}`);
    if (output.json) output.document(report);
    else if (report.ok) {
      output.data(
        `${output.style('green', 'ok')}  ${report.entries} entries, ${report.checkpoints} checkpoints`,
      );
    } else {
      output.table(
        ['PROJECT', 'ENTRY', 'PROBLEM', 'DETAIL'],
        report.findings.map((finding) => [
          finding.project,
          finding.seq === null ? '–' : String(finding.seq),
          output.style('red', finding.problem),
          finding.detail,
        ]),
      );
    }
    return report.ok ? 0 : 4;
  },
} satisfies Command;
