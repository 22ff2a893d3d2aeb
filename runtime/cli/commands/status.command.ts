import type { MotherboardProtocol, PartStatus } from '../../protocol/motherboard.protocol.ts';
import type { Command } from '../command.ts';
import type { Output } from '../output.ts';

type Status = ReturnType<MotherboardProtocol['status']> & {
  readonly url?: string | null;
  readonly adminUrl?: string | null;
};

export const statusCommand = {
  name: 'status',
  group: 'machine',
  summary: 'the parts of the running machine, their state and restarts',
  examples: [
    { command: 'magflock status', does: 'as a table' },
    { command: 'magflock status --json', does: 'everything that is known of each part' },
  ],
  async run({ daemon, output }) {
    const status = await (await daemon()).ask<Status>('GET', '/status');
    if (output.json) {
      output.document(status);
      return undefined;
    }
    output.data(`MagFlock ${status.version}   pid ${status.pid}   up ${upTime(status.startedAt)}`);
    if (status.url) output.data(`API      ${status.url}`);
    if (status.adminUrl) output.data(`Metrics  ${status.adminUrl}/metrics`);
    output.data('');
    output.table(
      ['PART', 'STATE', 'HEALTH', 'RUNS IN', 'RESTARTS', 'WAITING', 'FACTS'],
      status.parts.map((part) => row(part, output)),
    );
    return undefined;
  },
} satisfies Command;

function row(part: PartStatus, output: Output): string[] {
  const depth = part.path.split('/').filter((step) => step !== '').length - 1;
  const health = part.health?.status ?? '–';
  const good = part.state === 'ready' && (health === 'ok' || health === '–');
  return [
    `${'  '.repeat(Math.max(0, depth))}${part.name}`,
    output.style(good ? 'green' : part.state === 'failed' ? 'red' : 'yellow', part.state),
    health,
    part.placement,
    String(part.restarts),
    String(part.mailbox),
    part.lastError ?? part.health?.summary ?? '',
  ];
}

function upTime(startedAt: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(startedAt)) / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60),
  ];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
