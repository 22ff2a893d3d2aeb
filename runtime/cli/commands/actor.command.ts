import type { TracedMessage } from '../../actor/meter-tap.ts';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ActorDetail } from '../../protocol/tree.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import type { ControlClient } from '../control-client.ts';
import { formatBytes } from '../format-bytes.ts';

type TraceLine = Partial<TracedMessage> & {
  readonly open?: string;
  readonly missed?: number;
  readonly dropped?: number;
  readonly error?: string;
};

export const actorCommand = {
  name: 'actor',
  group: 'machine',
  summary: 'one actor: its state, its messages as they end; suspend, resume, restart it',
  description:
    'Without an action it shows the state. trace shows method, sender, time and outcome of each message, never what\n' +
    'it held, until Ctrl-C. suspend lets no further message of it start, and its callers wait until their deadline;\n' +
    'resume and a restart end that. magflock tree lists the paths.',
  arguments: [
    { name: 'path', summary: 'of the actor: /psu, /psu/child', required: true },
    {
      name: 'action',
      summary: 'state (default), trace, suspend, resume or restart',
      required: false,
      choices: ['state', 'trace', 'suspend', 'resume', 'restart'],
    },
  ],
  examples: [
    { command: 'magflock actor /psu', does: 'mailbox, times, last error and what it shows of its state' },
    { command: 'magflock actor /storage trace', does: 'its messages as they end, until Ctrl-C' },
    { command: 'magflock actor /audit suspend', does: 'no further message of it starts' },
    { command: 'magflock actor /audit resume', does: 'and it goes on' },
    { command: 'magflock actor /maggate restart', does: 'a new incarnation' },
  ],
  async run(context) {
    const { args, daemon, output } = context;
    const given = args['path'] as string;
    const path = given.startsWith('/') ? given : `/${given}`;
    const client = await daemon();
    switch (args['action'] ?? 'state') {
      case 'trace':
        await trace(client, path, context);
        break;
      case 'suspend':
      case 'resume': {
        const action = args['action'] as string;
        const answer = await client.ask<object>('POST', `/actor/${action}`, { path });
        if (output.json) output.document(answer);
        else if (action === 'resume') output.talk(`${path} goes on`);
        else output.talk(`${path} is suspended; magflock actor ${path} resume ends that`);
        break;
      }
      case 'restart': {
        const answer = await client.ask<{ incarnation: number }>('POST', '/actor/restart', { path });
        if (output.json) output.document(answer);
        else output.talk(`${path} runs again, incarnation ${answer.incarnation}`);
        break;
      }
      default:
        await show(client, path, context);
    }
    return undefined;
  },
} satisfies Command;

async function show(client: ControlClient, path: string, { output }: CommandContext): Promise<void> {
  const actor = await client.ask<ActorDetail>('GET', `/actor?path=${encodeURIComponent(path)}`);
  if (output.json) {
    output.document(actor);
    return;
  }
  const { meter } = actor;
  const line = (name: string, value: string): void => output.data(`${name.padEnd(12)} ${value}`);
  line('actor', `${actor.path} ${actor.version}, life #${actor.incarnation}, in thread ${actor.thread}`);
  line('phase', actor.suspended ? `${actor.phase}, suspended` : actor.phase);
  line(
    'mailbox',
    `${actor.mailbox} of ${actor.mailboxLimit} messages, ${formatBytes(actor.mailboxBytes)}, ${actor.overflow}`,
  );
  line(
    'messages',
    `${actor.handled} run, ${actor.failed} failed, ${actor.running} running, ${actor.stashed} put aside`,
  );
  if (meter !== null) {
    line('rate', `${Math.round(meter.rate)} a second, ${meter.rateMinute.toFixed(1)} over a minute`);
    const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
    line('times', `p50 ${ms(meter.p50)}, p99 ${ms(meter.p99)}, longest turn ${ms(meter.longestTurn)}`);
  }
  line('children', String(actor.childCount));
  if (actor.quotas !== null) line('quotas', JSON.stringify(actor.quotas));
  if (actor.lastError !== null) line('last error', output.style('red', actor.lastError));
  if (actor.state === null) line('state', 'its definition has no inspect');
  else output.data(`state\n${JSON.stringify(actor.state, null, 2)}`);
}

async function trace(client: ControlClient, path: string, { output, signal }: CommandContext): Promise<void> {
  if (!output.json) output.talk(`messages of ${path} as they end; Ctrl-C ends`);
  try {
    for await (const line of client.stream<TraceLine>(
      'GET',
      `/actor/trace?path=${encodeURIComponent(path)}`,
    )) {
      if (output.json) output.document(line);
      else if (line.method !== undefined) output.data(traceLine(line, output));
      else if (line.error !== undefined) output.warn(line.error);
      else if (line.missed !== undefined || line.dropped !== undefined)
        output.talk(`… ${line.missed ?? line.dropped} more were not shown`);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  if (!signal.aborted) throw new MagFlockError('MF803', 'the daemon ended the stream');
}

function traceLine(line: TraceLine, output: CommandContext['output']): string {
  const { at = '', method = '', ms = 0, outcome = '', from = '', asked } = line;
  return [
    output.style('dim', at.slice(11, 23)),
    method.padEnd(20),
    `${ms.toFixed(2)} ms`.padStart(12),
    output.style(outcome === 'ok' ? 'green' : 'red', outcome.padEnd(5)),
    asked === true ? 'ask ' : 'tell',
    `from ${from}`,
  ]
    .join('  ')
    .replace(/[\u0000-\u001a\u001c-\u001f\u007f]/g, '·');
}
