import { resolve } from 'node:path';
import type { Command } from '../command.ts';

export const extLintCommand = {
  name: 'ext lint',
  group: 'extensions',
  summary: 'check an extension as an operator would see it',
  description:
    'Packs the folder in memory: manifest, code, files, and what a careful reader of the code would notice.\n' +
    'Nothing of it is run. Exit code 4 when there are warnings or dangers.',
  arguments: [{ name: 'folder', summary: 'of the extension (default: this one)', required: false }],
  examples: [
    { command: 'magflock ext lint', does: 'the extension in this folder' },
    { command: 'magflock ext lint ./hello --json', does: 'for a program' },
  ],
  async run({ args, output }) {
    const { pack } = await import('../../../sandbox/package/pack.ts');
    const { scanPackage } = await import('../../../sandbox/package/scan-package.ts');
    const { opened, warnings } = await pack(resolve(args['folder'] ?? '.'));
    const findings = scanPackage(opened);
    const { id, version } = opened.manifest;
    if (output.json) output.document({ id, version, warnings, findings });
    else {
      for (const warning of warnings) output.warn(warning);
      if (findings.length > 0) {
        output.table(
          ['SEVERITY', 'RULE', 'WHERE', 'FINDING'],
          findings.map(({ severity, rule, file, line, message }) => [
            output.style(severity === 'danger' ? 'red' : severity === 'warning' ? 'yellow' : 'dim', severity),
            rule,
            line === null ? file : `${file}:${line}`,
            message,
          ]),
        );
      }
      output.talk(
        `${id} ${version}: ${findings.length === 0 ? 'nothing found' : `${findings.length} findings`}`,
      );
    }
    return findings.some(({ severity }) => severity !== 'info') || warnings.length > 0 ? 4 : 0;
  },
} satisfies Command;
