import { resolve } from 'node:path';
import type { ExtensionInfo, PackageReview } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { approve } from '../extension/approve.ts';
import { demandPackage } from '../extension/demand-package.ts';
import { installationFlags } from '../extension/installation-flags.ts';
import { readSettings } from '../extension/read-settings.ts';
import { safeText } from '../extension/safe-text.ts';
import { showReview } from '../extension/show-review.ts';
import { whileWaiting } from '../extension/while-waiting.ts';

export const extInstallCommand = {
  name: 'ext install',
  group: 'extensions',
  summary: 'install an extension, after you approved what it asks for',
  description:
    'Shows publisher, signature, findings and each permission as a sentence, and asks. Without a terminal the\n' +
    'answer comes from --approve. It is installed whole or not at all.',
  arguments: [{ name: 'file', summary: 'the package, a .magx', required: true }],
  flags: installationFlags,
  examples: [
    { command: 'magflock ext install hello-1.0.0.magx', does: 'asks, then installs in project main' },
    {
      command: 'magflock ext install hello-1.0.0.magx --approve approve.json --project shop --json',
      does: 'for scripts',
    },
    { command: 'magflock ext install slug-1.0.0.magx --set column=title', does: 'with its configuration' },
  ],
  async run(context) {
    const { args, daemon, flags, output, project } = context;
    const file = resolve(args['file']!);
    const config = readSettings(flags.value('set'));
    const client = await daemon();
    const review = await whileWaiting(
      output,
      'reading the package',
      client.ask<PackageReview>('POST', '/extensions/review', { file }),
    );
    if (!output.json) for (const line of showReview(review, output)) output.talk(line);
    demandPackage(review, flags);
    const grants = await approve(context, review.questions, review.sha256);
    const info = await whileWaiting(
      output,
      `installing ${safeText(review.name)}`,
      client.ask<ExtensionInfo>('POST', '/extensions/install', {
        file,
        projects: [project],
        grants,
        ...(config === undefined ? {} : { config }),
        ...(flags.has('allow-unsigned') ? { allowUnsigned: true } : {}),
      }),
    );
    if (output.json) output.document(info);
    else {
      const base = `${project === 'main' ? '' : `/p/${project}`}/ext/${info.name}`;
      const routes = (info.manifest.routes ?? []).map(({ method, path }) => `  ${method} ${base}${path}`);
      output.talk(`installed ${info.name} ${info.version} in project ${project}`);
      for (const route of routes) output.talk(safeText(route));
    }
    return undefined;
  },
} satisfies Command;
