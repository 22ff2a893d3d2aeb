import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ErrorEnvelope } from '../../errors/error-envelope.ts';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ImportProgress } from '../../protocol/storage.protocol.ts';
import type { Command } from '../command.ts';
import { formatBytes } from '../format-bytes.ts';

type Line = Partial<ImportProgress> & { readonly done?: boolean; readonly error?: ErrorEnvelope };

export const importCommand = {
  name: 'import',
  group: 'data',
  summary: 'load a SQL file into the project: all of it or nothing',
  description:
    "Plain SQL and the text format of pg_dump, COPY included, run in one transaction as the project's owner.\n" +
    'Statements that only make sense in psql or for another database (\\connect, CREATE DATABASE) are passed over.',
  arguments: [{ name: 'file.sql', summary: 'the file', required: true }],
  examples: [
    { command: 'magflock import chinook.sql', does: 'into project main, with progress' },
    {
      command: 'magflock import dump.sql --project shop --json',
      does: 'progress as one JSON object per line',
    },
  ],
  async run({ args, daemon, output, project }) {
    const file = resolve(args['file.sql']!);
    assertReadable(file);
    const started = Date.now();
    const client = await daemon();
    let last: Line = {};
    for await (const line of client.stream<Line>('POST', '/import', { project, file })) {
      if (line.error !== undefined) throw MagFlockError.fromEnvelope(line.error);
      last = line;
      if (output.json) output.document(line);
      else output.progress(progressText(line));
    }
    if (last.done !== true) {
      throw new MagFlockError('MF803', 'the daemon ended before the import was done; nothing was imported', {
        fix: 'magflock status shows whether it is there again; then import once more',
      });
    }
    if (!output.json) {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      output.talk(
        `imported ${file}: ${last.statements ?? 0} statements, ${last.rows ?? 0} rows in ${seconds} s`,
      );
      const notices = last.notices ?? [];
      if (output.verbose) for (const notice of notices) output.talk(notice);
      else if (notices.length > 0)
        output.talk(`left out or passed over: ${notices.length}; --verbose names them`);
    }
    return undefined;
  },
} satisfies Command;

function assertReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
  } catch (thrown) {
    throw new MagFlockError('MF805', 'the file cannot be read', {
      details: { where: file },
      fix: 'check the path and its permissions',
      cause: thrown,
    });
  }
}

function progressText(line: Line): string {
  const total = line.totalBytes ?? 0;
  const percent = total === 0 ? 0 : Math.floor(((line.bytes ?? 0) / total) * 100);
  const bar = '█'.repeat(Math.floor(percent / 5)).padEnd(20, '░');
  return `importing ${bar} ${percent} %  ${formatBytes(line.bytes ?? 0)}  ${line.rows ?? 0} rows`;
}
