import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Client } from 'pg';
import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { ImportProgress } from '../../../../runtime/protocol/storage.protocol.ts';
import { mapError } from '../../postgres/map-error.ts';
import { type FailedStatement, ImportSession } from './import-session.ts';
import { type Judgement, judgeMeta, judgeStatement } from './judge-statement.ts';
import { missingAuthFix } from './missing-auth-fix.ts';
import { type SqlPiece, SqlSplitter } from './sql-splitter.ts';

export interface ImportOptions {
  /** Absolute path. */
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
  progress(progress: ImportProgress): void;
}

const chunkBytes = 256 * 1024;
const mostNotices = 50;

/**
 * Imports a file of plain SQL or pg_dump text, COPY data included, in one transaction: all of it or nothing.
 * @param client a connection as the project's owner, made with `pipeline: true`
 * @throws MF511 naming line and statement; MF805 for a file that cannot be read; MF5xx for what is not its fault
 */
export async function importFile(client: Client, options: ImportOptions): Promise<ImportProgress> {
  const totalBytes = await checkFile(options.file);
  const session = new ImportSession(client);
  const notices: string[] = [];
  let bytes = 0;
  const progress = (): ImportProgress => ({
    bytes,
    totalBytes,
    statements: session.statements,
    rows: session.rows,
    notices,
  });
  const splitter = new SqlSplitter();
  try {
    await client.query('begin');
    await readPieces(options, splitter, async (pieces, read) => {
      for (const piece of pieces) {
        await take(session, piece, (notice) => {
          if (notices.length < mostNotices) notices.push(notice);
        });
        if (session.failed !== undefined) return false;
      }
      bytes += read;
      options.progress(progress());
      return true;
    });
    await session.settle();
    if (session.failed !== undefined) throw statementError(session.failed);
    await commit(client);
    return progress();
  } catch (thrown) {
    await session.abortCopy().catch(() => {});
    await client.query('rollback').catch(() => {});
    throw asImportError(thrown);
  }
}

async function take(session: ImportSession, piece: SqlPiece, notice: (text: string) => void): Promise<void> {
  if (piece.kind === 'copy-data') return session.copyData(piece.bytes);
  if (piece.kind === 'copy-end') return session.endCopy();
  const judgement: Judgement =
    piece.kind === 'meta' ? judgeMeta(piece.text, piece.inside) : judgeStatement(piece.text);
  switch (judgement.action) {
    case 'skip':
      notice(`line ${piece.line}: left out "${excerpt(piece.text)}": ${judgement.why}`);
      return;
    case 'refuse':
      throw new MagFlockError('MF511', `Line ${piece.line}: ${judgement.why}: ${excerpt(piece.text)}`, {
        fix: judgement.fix,
        details: { line: piece.line, statement: excerpt(piece.text) },
      });
    case 'tolerate': {
      const passedOver = await session.tolerate(piece.text, piece.line, judgement.sqlstates);
      if (passedOver !== undefined)
        notice(`line ${piece.line}: passed over "${excerpt(piece.text)}": ${passedOver}`);
      return;
    }
    default:
      if (/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(piece.text))
        return session.beginCopy(piece.text, piece.line);
      return session.send(piece.text, piece.line);
  }
}

/** Feeds the file to the splitter, chunk by chunk; `take` answers false to stop. */
async function readPieces(
  { file, signal }: ImportOptions,
  splitter: SqlSplitter,
  handle: (pieces: Iterable<SqlPiece>, bytes: number) => Promise<boolean>,
): Promise<void> {
  const stream = createReadStream(file, {
    highWaterMark: chunkBytes,
    ...(signal === undefined ? {} : { signal }),
  });
  let first = true;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const withoutMark =
        first && chunk.subarray(0, 3).equals(Buffer.from('\uFEFF')) ? chunk.subarray(3) : chunk;
      if (first) refuseOtherFormats(chunk);
      first = false;
      if (!(await handle(splitter.push(withoutMark), chunk.length))) return;
    }
    await handle(splitter.finish(), 0);
  } finally {
    stream.destroy();
  }
}

async function checkFile(file: string): Promise<number> {
  try {
    const handle = await open(file, 'r');
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) throw new TypeError('it is not a file');
      return facts.size;
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw new MagFlockError('MF805', `${file} cannot be read: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
}

function refuseOtherFormats(chunk: Buffer): void {
  if (chunk.subarray(0, 5).toString('latin1') === 'PGDMP') {
    throw new MagFlockError('MF511', "This is pg_dump's custom format, not SQL text.", {
      fix: 'Turn it into text: pg_restore --no-owner -f dump.sql the-file, then import dump.sql.',
    });
  }
  if (chunk[0] === 0x1f && chunk[1] === 0x8b) {
    throw new MagFlockError('MF511', 'The file is compressed.', { fix: 'Unpack it with gunzip first.' });
  }
}

async function commit(client: Client): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (thrown) {
    throw statementError({ line: 0, text: 'commit', error: thrown as FailedStatement['error'] });
  }
  if (command !== 'COMMIT')
    throw new MagFlockError('MF511', `COMMIT was answered ${command}: nothing was imported.`);
}

function statementError({ line, text, error }: FailedStatement): Error {
  const mapped = mapError(error);
  if (MagFlockError.is(mapped) && /^MF50[367]$/.test(mapped.code)) return mapped;
  // COPY counts its lines from the first line of data.
  const inCopy = error.where?.match(/^COPY .*?, line (?<line>\d+)/)?.groups?.['line'];
  const fileLine = inCopy === undefined ? line : line + text.split('\n').length - 1 + Number(inCopy);
  const where =
    fileLine === 0 ? 'At the end, when constraints that were put off are checked' : `Line ${fileLine}`;
  return new MagFlockError('MF511', `${where}: ${error.message}. Nothing was imported.`, {
    fix: missingAuthFix(text, error.code) ?? error.hint ?? error.detail,
    details: {
      line: fileLine,
      statement: excerpt(text),
      ...(error.code === undefined ? {} : { sqlstate: error.code }),
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    },
  });
}

function asImportError(thrown: unknown): Error {
  if (MagFlockError.is(thrown)) return thrown;
  const { name, message } = thrown as Error;
  if (name === 'AbortError')
    return new MagFlockError('MF606', 'The import was cancelled. Nothing was imported.');
  if (thrown instanceof SyntaxError) {
    return new MagFlockError('MF511', `The file ends in the middle: ${message}. Nothing was imported.`, {
      fix: 'The file is probably cut off; make it again.',
    });
  }
  if (thrown instanceof TypeError) {
    return new MagFlockError('MF511', 'The file has bytes that are not UTF-8. Nothing was imported.', {
      fix: 'Convert it: iconv -f LATIN1 -t UTF-8 the-file > converted.sql',
    });
  }
  return mapError(thrown);
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}
