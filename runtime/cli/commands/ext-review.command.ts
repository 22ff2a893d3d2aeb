import { resolve } from 'node:path';
import type { PackageReview } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { showReview } from '../extension/show-review.ts';
import { whileWaiting } from '../extension/while-waiting.ts';

export const extReviewCommand = {
  name: 'ext review',
  group: 'extensions',
  summary: 'what a package is, who signed it, what it asks for and what was found in it; installs nothing',
  description: 'With --json it is the file that --approve takes: read it before you hand it on.',
  arguments: [{ name: 'file', summary: 'the package, a .magx', required: true }],
  examples: [
    { command: 'magflock ext review hello-1.0.0.magx', does: 'in words' },
    {
      command: 'magflock ext review hello-1.0.0.magx --json > approve.json',
      does: 'for ext install --approve',
    },
  ],
  async run({ args, daemon, output }) {
    const file = resolve(args['file']!);
    const client = await daemon();
    const review = await whileWaiting(
      output,
      'reading the package',
      client.ask<PackageReview>('POST', '/extensions/review', { file }),
    );
    if (output.json) output.document(review);
    else for (const line of showReview(review, output)) output.data(line);
    return undefined;
  },
} satisfies Command;
