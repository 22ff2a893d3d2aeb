import type { Command } from '../command.ts';
import { trainingFlags } from '../sentinel/training-flags.ts';

export const sentinelEvaluateCommand = {
  name: 'sentinel evaluate',
  group: 'security',
  summary: 'train without each fold in turn and measure on it; writes nothing',
  description:
    'What the models find in files they were not trained on, by source, with encodings, padding and mutants. Takes up to\n' +
    'half an hour on one core, in a checkout with the training data beside it.',
  flags: trainingFlags.flags,
  examples: [
    { command: 'magflock sentinel evaluate', does: 'tables of both models' },
    { command: 'magflock sentinel evaluate --model values --json', does: 'all figures of one' },
  ],
  async run({ flags, output }) {
    const { evaluateCandidate } = await import('../../../actors/sentinel/shelf/evaluate-candidate.ts');
    const { figures, text } = await evaluateCandidate({
      ...trainingFlags.read(flags),
      tell: (line) => output.talk(line),
    });
    if (output.json) output.document(figures);
    else output.data(text);
    return undefined;
  },
} satisfies Command;
