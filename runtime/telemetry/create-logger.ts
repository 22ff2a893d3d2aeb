import { pino } from 'pino';
import type { Settings } from '../../config/settings.ts';
import { logLevel } from './log-level.ts';
import type { Logger } from './logger.ts';
import { type LogFile, openLogFile } from './open-log-file.ts';
import { redact } from './redact.ts';

export interface LoggerOptions {
  readonly level: Settings['log.level'];
  /** Path of the part in the supervision tree; stands in every line. */
  readonly part: string;
  /** The log file, `<dataDir>/logs/magflock.ndjson`; null writes nothing (tests). */
  readonly file: string | null;
}

/** pino's numbers; from `warn` on a line is written at once, so that a crash cannot swallow it. */
const urgentFrom = 40;

/** One open file per thread and path: the parts of a thread share buffer and descriptor. */
const files = new Map<string, LogFile>();

function fileOf(path: string): LogFile {
  const known = files.get(path);
  if (known !== undefined) return known;
  const file = openLogFile(path);
  files.set(path, file);
  // In a worker thread this is the end of the thread.
  process.on('exit', () => file.flush());
  return file;
}

/**
 * The structured log of a part: JSON lines with `level` (word), `time` (ISO 8601), `part`, `pid`, the fields
 * and `msg`. Secrets are masked by field name and by pattern before anything is written.
 */
export function createLogger(options: LoggerOptions): Logger {
  const file = options.file === null ? undefined : fileOf(options.file);
  const destination = {
    // Asks pino to set `lastLevel` before each write.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 30,
    write(line: string): void {
      file?.write(redact.text(line), destination.lastLevel >= urgentFrom);
    },
  };
  const logger = pino(
    {
      level: file === undefined ? 'silent' : options.level,
      base: { pid: process.pid, part: options.part },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...redact.paths], censor: redact.mask },
    },
    destination,
  );
  // Without a file nothing is written at any level.
  if (file !== undefined) logLevel.follow(logger);
  return logger;
}
