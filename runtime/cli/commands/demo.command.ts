import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { AuditEntry } from '../../protocol/audit.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { type ControlClient, connectControl } from '../control-client.ts';
import { daemonAddress } from '../daemon-address.ts';
import { type RawAnswer, sendRawRequest } from '../send-raw-request.ts';
import { startChildDaemon } from '../start-child-daemon.ts';

const createTable =
  "create table notes (id serial primary key, title text not null); insert into notes (title) values ('milk'), ('bread')";
const injection = "1' OR '1'='1";

export const demoCommand = {
  name: 'demo',
  group: 'machine',
  summary: 'all of it in a temporary folder: table, API, a blocked injection, the audit log',
  description:
    'Boots a daemon of its own on free ports, shows each step, and removes everything. Some seconds.',
  examples: [{ command: 'magflock demo', does: 'nothing is left behind' }],
  async run(context) {
    const { output, signal } = context;
    const started = Date.now();
    const folder = mkdtempSync(join(tmpdir(), 'magflock-demo-'));
    // Under root PostgreSQL runs as another user, who has to get through.
    chmodSync(folder, 0o711);
    try {
      step(context, 'boot', `magflock start --data ${folder} --port 0`);
      const daemon = await startChildDaemon(folder);
      const stopEarly = (): void => void daemon.stop();
      signal.addEventListener('abort', stopEarly);
      try {
        show(context, `ready on ${daemon.url} after ${seconds(started)}`);
        await tour(context, connectControl(daemonAddress(folder)), daemon.url);
      } finally {
        signal.removeEventListener('abort', stopEarly);
        step(context, 'stop', 'magflock stop');
        await daemon.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    show(context, `everything removed; the demo took ${seconds(started)}`);
    if (output.json) output.document({ ok: true, ms: Date.now() - started });
    else output.data('\nNow your own: magflock start');
    return undefined;
  },
} satisfies Command;

async function tour(context: CommandContext, client: ControlClient, url: string): Promise<void> {
  step(context, 'a table', `magflock sql "${createTable}"`);
  await client.ask('POST', '/sql', { project: 'main', text: createTable });
  const { key } = await client.ask<{ key: string }>('POST', '/keys?project=main', { role: 'service_role' });

  step(context, 'its API', `curl -H "X-API-Key: ${key.slice(0, 16)}…" ${url}/api/notes`);
  const list = await untilServed(url, key);
  show(context, list.text);

  step(context, 'a new row', `curl -X POST … -d '{"title":"jam"}' ${url}/api/notes`);
  const created = await sendRawRequest(url, {
    method: 'POST',
    path: '/api/notes',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: '{"title":"jam"}',
  });
  expectStatus(created, 201, 'the new row');
  show(context, `${created.status} ${created.text}`);

  step(context, 'an injection', `curl -G … --data-urlencode "id=${injection}" ${url}/api/notes`);
  const attack = await sendRawRequest(url, {
    method: 'GET',
    path: `/api/notes?id=${encodeURIComponent(injection)}`,
    headers: { 'x-api-key': key },
  });
  expectStatus(attack, 403, 'the injection');
  show(context, `${attack.status} ${attack.text}`);

  step(context, 'the audit log', 'magflock logs');
  for (const entry of await untilAudited(client)) {
    show(context, `${entry.seq}  ${entry.at}  ${entry.kind.padEnd(7)} ${entry.action} ${entry.target ?? ''}`);
  }
}

/** The API follows a new table within a second. */
async function untilServed(url: string, key: string): Promise<RawAnswer> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const answer = await sendRawRequest(url, {
      method: 'GET',
      path: '/api/notes?sort=id',
      headers: { 'x-api-key': key },
    });
    if (answer.status === 200) return answer;
    if (Date.now() > deadline) expectStatus(answer, 200, 'GET /api/notes');
    await wait(20);
  }
}

async function untilAudited(client: ControlClient): Promise<readonly AuditEntry[]> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const path = '/logs?project=main&limit=20';
    const entries = await client.ask<readonly AuditEntry[]>('GET', path);
    const kinds = new Set(entries.map((entry) => entry.kind));
    if (kinds.has('write') && kinds.has('threat')) return entries;
    if (Date.now() > deadline) {
      throw new MagFlockError('MF806', 'write and block are not in the audit log after 5 s', {
        details: { why: `it has ${[...kinds].join(', ') || 'nothing'}` },
      });
    }
    await wait(50);
  }
}

function expectStatus(answer: RawAnswer, status: number, what: string): void {
  if (answer.status === status) return;
  throw new MagFlockError('MF806', `${what} answered ${answer.status}, expected ${status}`, {
    details: { why: answer.text.slice(0, 500) },
  });
}

function step({ output }: CommandContext, title: string, command: string): void {
  if (output.json) return;
  output.data(`\n${output.style('bold', title)}`);
  output.data(`${output.style('dim', '  $')} ${command}`);
}

function show({ output }: CommandContext, text: string): void {
  if (!output.json) output.data(text.replace(/^/gm, '  '));
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
