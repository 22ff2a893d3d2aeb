import { MagFlockError } from '../../errors/magflock-error.ts';
import type { StatementVerdict } from '../../protocol/sentinel.protocol.ts';
import { attacks } from '../attack-simulation/attacks.ts';
import { legitimateRequests } from '../attack-simulation/legitimate-requests.ts';
import { modelAttacks } from '../attack-simulation/model-attacks.ts';
import { runBlockTrials } from '../attack-simulation/run-block-trials.ts';
import { runTrial } from '../attack-simulation/run-trial.ts';
import { statements } from '../attack-simulation/statements.ts';
import type { TrialResult } from '../attack-simulation/trial.ts';
import { TrialKeys } from '../attack-simulation/trial-keys.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import type { ControlClient } from '../control-client.ts';
import { sendRawRequest } from '../send-raw-request.ts';

export const testCommand = {
  name: 'test',
  group: 'security',
  summary: 'attack the running daemon and see what is blocked, and that honest requests are not',
  description:
    'Sends injections and honest requests that look a little like them, whole statements to be judged, and attacks\n' +
    'until its address is blocked: with keys of its own, that are revoked and freed of blocks afterwards. Nothing is\n' +
    'written, and nobody else is blocked. Exit code 4 when an attack passed or an honest request was blocked.',
  examples: [
    { command: 'magflock test', does: 'a table: each request, passed or not' },
    { command: 'magflock test --json', does: 'the same for a program' },
  ],
  async run(context) {
    const { daemon, output, project, signal } = context;
    const client = await daemon();
    const info = await client.ask<{ restUrl: string }>('GET', `/projects/${encodeURIComponent(project)}`);
    const base = info.restUrl.replace(/\/api\/?$/, '');
    const blockAfter = await readBlockAfter(client);
    const keys = new TrialKeys(client, project, blockAfter);
    const results: TrialResult[] = [];
    const step = (text: string): void => {
      if (signal.aborted) throw new MagFlockError('MF807', 'cancelled');
      output.progress(text);
    };
    try {
      const { key: honestKey } = await keys.make();
      const table = await anyTable(base, honestKey);
      for (const trial of [...legitimateRequests, ...attacks, ...modelAttacks]) {
        step(`${trial.kind}: ${trial.name}`);
        const key = trial.kind === 'attack' ? await keys.attacker() : honestKey;
        results.push(await runTrial(trial, base, key, table));
      }
      for (const statement of statements) {
        step(statement.name);
        results.push(await judgeStatement(client, project, statement));
      }
      if (blockAfter > 0 && blockAfter <= 100) {
        step('an attacker is blocked');
        results.push(...(await runBlockTrials(keys, { base, table, honestKey }, blockAfter)));
      }
    } finally {
      await keys.clear();
    }
    show(context, results);
    const failed = results.filter((result) => !result.passed);
    if (failed.length === 0) return 0;
    throw new MagFlockError('MF806', `${failed.length} of ${results.length} requests did not pass`, {
      details: { why: failed.map((result) => `${result.trial.kind}: ${result.trial.name}`).join('; ') },
      fix: 'magflock sentinel status tells whether it blocks and its models work; if so, please report this',
    });
  },
} satisfies Command;

async function readBlockAfter(client: ControlClient): Promise<number> {
  const settings = await client.ask<readonly { name: string; value: unknown }[]>('GET', '/settings');
  return Number(settings.find(({ name }) => name === 'sentinel.blockAfter')?.value ?? 0);
}

async function judgeStatement(
  client: ControlClient,
  project: string,
  { kind, name, text }: (typeof statements)[number],
): Promise<TrialResult> {
  const path = '/sentinel/statements';
  const verdict = await client.ask<StatementVerdict>('POST', path, { project, text });
  const blocked = verdict.action === 'block' || verdict.action === 'escalate';
  return {
    trial: { kind, name, method: 'POST', path, withKey: false },
    status: blocked ? 403 : 200,
    code: undefined,
    incident: verdict.incident,
    passed: kind === 'attack' ? blocked : !blocked,
  };
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
