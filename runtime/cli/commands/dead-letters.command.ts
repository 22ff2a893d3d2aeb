import type { ListedDeadLetter } from '../../bus/dead-letter.ts';
import type { Replayed } from '../../bus/dead-letter-office.ts';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';
import type { ControlClient } from '../control-client.ts';
import type { Output } from '../output.ts';

const outcomes = {
  sent: 'is on its way again',
  answered: 'was sent again and answered',
  delivering: 'is delivered again',
} as const satisfies Record<Replayed['outcome'], string>;

export const deadLettersCommand = {
  name: 'dead-letters',
  group: 'machine',
  summary: 'messages and events that reached nobody',
  description:
    'Without an action it lists them. What a message held is not shown; replay sends it to its target again, as far as it was kept.',
  arguments: [
    {
      name: 'action',
      summary: 'list (default), replay or clear',
      required: false,
      choices: ['list', 'replay', 'clear'],
    },
    { name: 'id', summary: 'of the one to replay', required: false },
  ],
  flags: [{ name: 'limit', value: 'count', summary: 'newest to list; default 100' }],
  examples: [
    { command: 'magflock dead-letters', does: 'the newest hundred' },
    { command: 'magflock dead-letters replay 17', does: 'sends number 17 to its target again' },
    { command: 'magflock dead-letters clear', does: 'forgets all of them' },
  ],
  async run({ args, flags, daemon, output }) {
    const { action = 'list', id } = args;
    if (action === 'replay' && id === undefined) {
      throw wrongUse(
        'magflock dead-letters replay needs the id of one',
        'magflock dead-letters    lists them',
      );
    }
    if (action !== 'replay' && id !== undefined) throw wrongUse(`unexpected word "${id}"`);
    const limit = flags.value('limit') ?? '100';
    if (!/^[1-9]\d{0,4}$/.test(limit)) throw wrongUse(`flag --limit takes 1 to 99999, got "${limit}"`);
    const client = await daemon();
    if (action === 'replay') await replay(client, id as string, output);
    else if (action === 'clear') await clear(client, output);
    else await list(client, limit, output);
    return undefined;
  },
} satisfies Command;

async function list(client: ControlClient, limit: string, output: Output): Promise<void> {
  const letters = await client.ask<readonly ListedDeadLetter[]>('GET', `/dead-letters?limit=${limit}`);
  if (output.json) {
    output.document(letters);
    return;
  }
  if (letters.length === 0) {
    output.talk('no dead letters');
    return;
  }
  output.table(
    ['ID', 'AT', 'TO', 'METHOD', 'FROM', 'REASON', 'REPLAY', 'DETAIL'],
    letters.map((letter) => [
      letter.id,
      letter.at,
      letter.to,
      letter.method,
      letter.from,
      letter.reason,
      letter.replayable ? 'yes' : 'no',
      letter.detail,
    ]),
  );
}

async function replay(client: ControlClient, id: string, output: Output): Promise<void> {
  const answer = await client.ask<Replayed>('POST', `/dead-letters/${encodeURIComponent(id)}/replay`);
  if (output.json) output.document(answer);
  else output.talk(`dead letter ${id} ${outcomes[answer.outcome]}`);
}

async function clear(client: ControlClient, output: Output): Promise<void> {
  const answer = await client.ask<{ removed: number }>('DELETE', '/dead-letters');
  if (output.json) output.document(answer);
  else output.talk(`${answer.removed} dead letters are gone`);
}

function wrongUse(
  message: string,
  fix = 'magflock dead-letters --help    shows how it is used',
): MagFlockError {
  return new MagFlockError('MF802', message, { fix });
}
