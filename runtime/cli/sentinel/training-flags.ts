import type { PatrolModel } from '../../protocol/patrol.protocol.ts';
import type { Flag } from '../command.ts';
import type { ParsedFlags } from '../parse-command-line.ts';

/** Flags of both training and evaluation. */
export const trainingFlags = {
  flags: [
    {
      name: 'from',
      value: 'folder',
      summary: 'of the training data (default: where the repository expects it)',
    },
    {
      name: 'model',
      value: 'model',
      summary: 'only this one (default both)',
      choices: ['values', 'statements'],
    },
  ] satisfies Flag[],

  /** What they say, as the training takes it. */
  read(flags: ParsedFlags): { readonly data?: string; readonly kinds?: readonly PatrolModel[] } {
    const data = flags.value('from');
    const model = flags.value('model') as PatrolModel | undefined;
    return {
      ...(data === undefined ? {} : { data }),
      ...(model === undefined ? {} : { kinds: [model] }),
    };
  },
} as const;
