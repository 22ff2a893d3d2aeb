import { readFileSync } from 'node:fs';
import { text as readStream } from 'node:stream/consumers';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { StatementVerdict } from '../../protocol/sentinel.protocol.ts';
import type { SqlResult } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { pointAt } from '../point-at.ts';

export const sqlCommand = {
  name: 'sql',
  group: 'data',
  summary: "run SQL as the project's owner",
  description:
    'Takes several statements in one text, without row cap or time limit. The text comes from the argument,\n' +
    'from a file (-f) or from standard input. With --json the rows of the last statement, as an array.\n' +
    'With --guarded MagSentinel judges the text first, as a whole and each statement alone: what looks like an attack\n' +
    'is not run, and the command fails (2). That is the mode for SQL that programs or AI agents wrote.',
  arguments: [{ name: 'text', summary: 'the SQL text', required: false }],
  flags: [
    { name: 'file', short: 'f', value: 'file', summary: 'read the text from this file' },
    { name: 'guarded', summary: 'run nothing that MagSentinel takes for an attack' },
  ],
  examples: [
    { command: 'magflock sql "select * from notes"', does: 'a table on the terminal' },
    { command: 'magflock sql "select count(*) from notes" --json', does: '[{"count":3}]' },
    { command: 'magflock sql -f schema.sql', does: 'a file of statements' },
    { command: 'echo "select now()" | magflock sql', does: 'from another program' },
    { command: 'agent | magflock sql --guarded', does: 'what an AI agent wrote, judged first' },
  ],
  async run(context) {
    const { daemon, output, project, flags } = context;
    const text = await readText(context);
    const client = await daemon();
    const guarded = flags.has('guarded');
    const { results, verdict } = await client
      .ask<{ results: readonly SqlResult[]; verdict?: StatementVerdict }>('POST', '/sql', {
        project,
        text,
        ...(guarded ? { guarded } : {}),
      })
      .catch((thrown: unknown) => {
        throw withPlace(MagFlockError.from(thrown), text, output.json);
      });
    if (guarded && verdict === undefined) output.warn('nobody could judge the text: it ran all the same');
    if (verdict?.incident !== undefined) output.warn(`${verdict.why} Kept as incident ${verdict.incident}.`);
    const last = results.at(-1);
    if (output.json) {
      output.document(last?.rows ?? []);
      return undefined;
    }
    for (const result of results) {
      if (result.columns.length === 0) {
        output.talk(result.count > 0 ? `${result.command} ${result.count}` : result.command);
        continue;
      }
      output.table(
        result.columns,
        result.rows.map((row) => result.columns.map((column) => cell(row[column]))),
      );
      output.talk(result.count === 1 ? '1 row' : `${result.count} rows`);
    }
    return undefined;
  },
} satisfies Command;

/** PostgreSQL's position as a line with a caret; a program gets the numbers as they are. */
function withPlace(error: MagFlockError, text: string, json: boolean): MagFlockError {
  const { position, line: _line, ...details } = error.details ?? {};
  if (json || error.code !== 'MF510' || typeof position !== 'number') return error;
  const where = pointAt(text, position);
  return new MagFlockError(error.code, error.message, { fix: error.fix, details: { where, ...details } });
}

async function readText({ args, flags }: CommandContext): Promise<string> {
  const file = flags.value('file');
  const given = args['text'];
  if (file !== undefined && given !== undefined) {
    throw new MagFlockError('MF802', 'give the SQL text or a file, not both', {
      fix: 'magflock sql -f file',
    });
  }
  if (file !== undefined && file !== '-') return readFile(file);
  if (given !== undefined && given !== '-') return given;
  if (process.stdin.isTTY) {
    throw new MagFlockError('MF802', 'no SQL text', { fix: 'magflock sql "select 1"    or -f file' });
  }
  return await readStream(process.stdin);
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new MagFlockError('MF805', `the file cannot be read`, {
      details: { where: file },
      fix: 'check the path and its permissions',
      cause: thrown,
    });
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
