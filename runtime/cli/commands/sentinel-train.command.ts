import { resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { FeedbackEntry } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { trainingFlags } from '../sentinel/training-flags.ts';

export const sentinelTrainCommand = {
  name: 'sentinel train',
  group: 'security',
  summary: 'train a candidate from the data of the repository and from what people said of incidents',
  description:
    'Takes up to half an hour on one core, in a checkout with the training data beside it. The candidate goes to the\n' +
    'data folder; it judges nothing until it is promoted. What people said of incidents is asked of the daemon, if\n' +
    'one is running.',
  flags: [
    ...trainingFlags.flags,
    { name: 'name', value: 'name', summary: 'first part of the name of the version (default candidate)' },
  ],
  examples: [
    { command: 'magflock sentinel train --name spring', does: 'prints the name of the version' },
    { command: 'magflock sentinel train --model values', does: 'the other model is taken over' },
  ],
  async run(context) {
    const { flags, output, settings } = context;
    const { trainCandidate } = await import('../../../actors/sentinel/shelf/train-candidate.ts');
    const { dataDir } = await settings();
    const name = flags.value('name');
    const version = await trainCandidate({
      dataFolder: resolve(dataDir),
      feedback: await feedbackOf(context),
      tell: (line) => output.talk(line),
      ...trainingFlags.read(flags),
      ...(name === undefined ? {} : { name }),
    });
    if (output.json) output.document(version);
    else output.data(version.version);
    output.talk(`magflock sentinel shadow ${version.version} compares it, sentinel promote lets it judge`);
    return undefined;
  },
} satisfies Command;

/** Without a daemon there is none: the training is possible all the same. */
async function feedbackOf({ daemon, output }: CommandContext): Promise<readonly FeedbackEntry[]> {
  try {
    return await (await daemon()).ask<readonly FeedbackEntry[]>('GET', '/sentinel/feedback');
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    if (error.code !== 'MF803') throw error;
    output.talk('no daemon is running here: trained without what people said of incidents');
    return [];
  }
}
