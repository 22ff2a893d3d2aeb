import type { AuditProtocol, VerifyReport } from '../../protocol/audit.protocol.ts';
import type { Command } from '../command.ts';
import type { ControlClient } from '../control-client.ts';
import type { Output } from '../output.ts';

type Progress = { readonly progress: ReturnType<AuditProtocol['verifyProgress']> };

export const logsVerifyCommand = {
  name: 'logs verify',
  group: 'security',
  summary: 'check the audit chains against themselves and their exported checkpoints',
  description:
    'Names every entry that was edited, removed or reordered, in all chains or in the one of --project.\n' +
    'Exit code 4 when there is one.',
  examples: [
    { command: 'magflock logs verify', does: 'every chain' },
    { command: 'magflock logs verify --project shop --json', does: 'one chain, for a program' },
  ],
  async run({ daemon, flags, output }) {
    const project = flags.value('project');
    const query = project === undefined ? '' : `?project=${encodeURIComponent(project)}`;
    const report = await whileShowing(await daemon(), query, output);
    if (output.json) output.document(report);
    else if (report.ok) {
      const { entries, checkpoints } = report;
      output.data(`${output.style('green', 'ok')}  ${entries} entries, ${checkpoints} checkpoints`);
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

/** A chain of millions of entries takes minutes: how far it has come is shown every half second. */
async function whileShowing(client: ControlClient, query: string, output: Output): Promise<VerifyReport> {
  const timer = setInterval(async () => {
    // Progress is a courtesy: when it cannot be had, the answer still comes.
    const { progress } = await client
      .ask<Progress>('GET', `/logs/verify-progress${query}`)
      .catch((): Progress => ({ progress: null }));
    if (progress !== null)
      output.progress(`verified ${progress.entries} of ${progress.totalEntries} entries`);
  }, 500);
  try {
    return await client.ask<VerifyReport>('GET', `/logs/verify${query}`);
  } finally {
    clearInterval(timer);
  }
}
