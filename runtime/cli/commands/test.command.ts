import { MagFlockError } from '../../errors/magflock-error.ts';
import type { KeyInfo } from '../../protocol/psu.protocol.ts';
import { attacks } from '../attack-simulation/attacks.ts';
import { legitimateRequests } from '../attack-simulation/legitimate-requests.ts';
import { runTrial } from '../attack-simulation/run-trial.ts';
import type { TrialResult } from '../attack-simulation/trial.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import type { ControlClient } from '../control-client.ts';
import { sendRawRequest } from '../send-raw-request.ts';

export const testCommand = {
  name: 'test',
  group: 'security',
  summary: 'attack the running daemon and see what is blocked, and that honest requests are not',
  description:
    'Sends injections and honest requests that look a little like them, with a key of its own that is revoked\n' +
    'afterwards. Nothing is written. Exit code 4 when an attack passed or an honest request was blocked.',
  examples: [
    { command: 'magflock test', does: 'a table: each request, passed or not' },
    { command: 'magflock test --json', does: 'the same for a program' },
  ],
  async run(context) {
    const { daemon, output, project, signal } = context;
    const client = await daemon();
    const info = await client.ask<{ restUrl: string }>('GET', `/projects/${encodeURIComponent(project)}`);
    const base = info.restUrl.replace(/\/api\/?$/, '');
    const key = await createKey(client, project);
    const results: TrialResult[] = [];
    try {
      const table = await anyTable(base, key.key);
      for (const trial of [...attacks, ...legitimateRequests]) {
        if (signal.aborted) throw new MagFlockError('MF807', 'cancelled');
        output.progress(`${trial.kind}: ${trial.name}`);
        results.push(await runTrial(trial, base, key.key, table));
      }
    } finally {
      const path = `/keys/${encodeURIComponent(key.id)}?project=${encodeURIComponent(project)}`;
      await client.ask('DELETE', path);
    }
    show(context, results);
    const failed = results.filter((result) => !result.passed);
    if (failed.length === 0) return 0;
    throw new MagFlockError('MF806', `${failed.length} of ${results.length} requests did not pass`, {
      details: { why: failed.map((result) => `${result.trial.kind}: ${result.trial.name}`).join('; ') },
      fix: 'magflock config show tells whether sentinel.mode is block; if it is, please report this',
    });
  },
} satisfies Command;

async function createKey(client: ControlClient, project: string): Promise<KeyInfo & { key: string }> {
  return await client.ask('POST', `/keys?project=${encodeURIComponent(project)}`, {
    role: 'service_role',
    name: 'attack simulation',
    // Reading only, and not for long: should we be killed, little is left behind.
    scopes: { operations: ['select'], expiresAt: Date.now() + 300_000 },
  });
}

/** A table of the project, so that attacks meet a real one; any name when there is none. */
async function anyTable(base: string, key: string): Promise<string> {
  const answer = await sendRawRequest(base, { method: 'GET', path: '/api', headers: { 'x-api-key': key } });
  const names = [...answer.text.matchAll(/"\/(?:p\/[a-z0-9]+\/)?api\/([A-Za-z_][A-Za-z0-9_]*)"/g)];
  return names[0]?.[1] ?? 'notes';
}

function show({ output }: CommandContext, results: readonly TrialResult[]): void {
  if (output.json) {
    output.document({
      passed: results.filter((result) => result.passed).length,
      failed: results.filter((result) => !result.passed).length,
      results: results.map(({ trial, status, code, incident, passed }) => ({
        kind: trial.kind,
        name: trial.name,
        method: trial.method,
        path: trial.path,
        withKey: trial.withKey,
        status,
        code,
        incident,
        passed,
      })),
    });
    return;
  }
  output.table(
    ['', 'KIND', 'REQUEST', 'KEY', 'STATUS', 'INCIDENT'],
    results.map(({ trial, status, code, incident, passed }) => [
      passed ? output.style('green', 'pass') : output.style('red', 'FAIL'),
      trial.kind,
      trial.name,
      trial.withKey ? 'yes' : 'no',
      `${status}${code === undefined ? '' : ` ${code}`}`,
      incident ?? '',
    ]),
  );
  const count = (kind: string): string => {
    const of = results.filter((result) => result.trial.kind === kind);
    return `${of.filter((result) => result.passed).length} of ${of.length}`;
  };
  output.talk(`${count('attack')} attacks blocked, ${count('legitimate')} honest requests let through`);
}
