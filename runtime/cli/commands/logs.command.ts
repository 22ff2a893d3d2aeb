import { setTimeout as wait } from 'node:timers/promises';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { AuditEntry } from '../../protocol/audit.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import type { ControlClient } from '../control-client.ts';

const followMs = 400;

export const logsCommand = {
  name: 'logs',
  group: 'security',
  summary: 'entries of the audit log: writes, refused keys, blocks, administrative acts',
  flags: [
    { name: 'security', summary: 'only blocks and refused keys' },
    {
      name: 'kinds',
      value: 'list',
      summary: 'only these: write, auth-failed, threat, admin, schema, system',
    },
    { name: 'follow', summary: 'go on with new entries until Ctrl-C' },
    { name: 'limit', value: 'number', summary: 'the newest so many (default 50)' },
    { name: 'after', value: 'number', summary: 'entries after this sequence number' },
  ],
  examples: [
    { command: 'magflock logs', does: 'the newest 50 entries of project main' },
    { command: 'magflock logs --security --follow', does: 'attacks as they come' },
    { command: 'magflock logs --json --limit 1000', does: 'one entry per line' },
    { command: 'magflock logs --project system', does: 'boots, stops and restarts of parts' },
  ],
  async run(context) {
    const { daemon, flags, signal } = context;
    const client = await daemon();
    const limit = readCount(flags.value('limit'), '--limit') ?? 50;
    let after = readCount(flags.value('after'), '--after');
    const first = await read(client, context, after, limit);
    show(context, first);
    if (!flags.has('follow')) return undefined;
    after = first.at(-1)?.seq ?? after ?? 0;
    while (!signal.aborted) {
      await wait(followMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      const more = await read(client, context, after, 1000);
      show(context, more);
      after = more.at(-1)?.seq ?? after;
    }
    return undefined;
  },
} satisfies Command;

async function read(
  client: ControlClient,
  { flags, project }: CommandContext,
  after: number | undefined,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const kinds = flags.has('security') ? 'threat,auth-failed' : flags.value('kinds');
  const query = new URLSearchParams({ project, limit: String(limit) });
  if (kinds !== undefined) query.set('kinds', kinds);
  if (after !== undefined) query.set('after', String(after));
  return await client.ask<readonly AuditEntry[]>('GET', `/logs?${query}`);
}

function show({ output }: CommandContext, entries: readonly AuditEntry[]): void {
  for (const entry of entries) output.data(output.json ? JSON.stringify(entry) : line(entry, output));
}

function line(entry: AuditEntry, output: CommandContext['output']): string {
  const format = entry.kind === 'threat' ? 'red' : entry.kind === 'auth-failed' ? 'yellow' : 'dim';
  const facts = [
    entry.target === undefined ? '' : entry.target,
    `by ${entry.actor}`,
    entry.address === undefined ? '' : `from ${entry.address}`,
    ...Object.entries(entry.details ?? {}).map(([name, value]) => `${name}=${value}`),
  ];
  return [
    output.style('dim', String(entry.seq).padStart(6)),
    entry.at,
    output.style(format, entry.kind.padEnd(11)),
    entry.action.padEnd(12),
    facts.filter((fact) => fact !== '').join('  '),
  ]
    .join('  ')
    .replace(/[\u0000-\u001a\u001c-\u001f\u007f]/g, '·');
}

function readCount(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) {
    throw new MagFlockError('MF802', `${flag} takes a whole number, got "${text}"`, { fix: `${flag} 100` });
  }
  return count;
}
