import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Threat } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';

export const threatFeedbackCommand = {
  name: 'threat feedback',
  group: 'security',
  summary: 'say whether an incident was a false alarm; the next training learns from it',
  description:
    'What is said last counts. The training reads what the model read of the value (numbers), never the value;\n' +
    'it weighs what people say against all else, so one wrong word does not turn it.',
  arguments: [{ name: 'id', summary: 'of the incident, from magflock threats', required: true }],
  flags: [
    { name: 'false-alarm', summary: 'it was an honest request' },
    { name: 'confirmed', summary: 'it was an attack' },
    { name: 'note', value: 'text', summary: 'why, for people (at most 1000 characters)' },
  ],
  examples: [
    {
      command:
        'magflock threat feedback 0198c0de-0000-7000-8000-000000000001 --false-alarm --note "a SQL course"',
      does: 'an honest request was blocked',
    },
    {
      command: 'magflock threat feedback 0198c0de-0000-7000-8000-000000000001 --confirmed',
      does: 'it was one',
    },
  ],
  async run({ args, daemon, flags, output }) {
    if (flags.has('false-alarm') === flags.has('confirmed')) {
      throw new MagFlockError('MF802', 'say one of --false-alarm and --confirmed', {
        fix: `magflock threat feedback ${args['id']} --false-alarm`,
      });
    }
    const verdict = flags.has('confirmed') ? 'confirmed' : 'false-alarm';
    const note = flags.value('note');
    const client = await daemon();
    const path = `/sentinel/threats/${encodeURIComponent(args['id']!)}/feedback`;
    const threat = await client.ask<Threat>('POST', path, {
      verdict,
      ...(note === undefined ? {} : { note }),
    });
    if (output.json) output.document(threat);
    else {
      output.talk(`incident ${threat.id} is marked as ${verdict}`);
      if (threat.features === null) {
        output.talk('no model judged it: the training has nothing to learn from it');
      }
    }
    return undefined;
  },
} satisfies Command;
