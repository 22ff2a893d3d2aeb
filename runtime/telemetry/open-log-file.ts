import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Size at which the log starts a new file, in bytes. */
const rotateAt = 32 * 1024 * 1024;
/** Old files kept: `magflock.ndjson.1` is the newest of them. */
const kept = 4;
/** Bytes buffered before they are written without waiting for the end of the tick. */
const bufferLimit = 64 * 1024;
/** Bytes between two looks at the size of the file. */
const lookEvery = 1024 * 1024;
/** A rotation that takes longer than this, in milliseconds, died on the way. */
const staleAfter = 10_000;

export interface LogFile {
  /** Adds a line. `urgent` writes at once, others wait for the end of the tick. */
  write(line: string, urgent: boolean): void;
  flush(): void;
  close(): void;
}

/**
 * A log file that several threads append to. Lines stay whole because each write is one `write(2)` with
 * O_APPEND (POSIX: the offset moves to the end and the data is written as one step).
 *
 * Rotation: whoever sees the limit first makes a lock folder, renames and goes on; the others notice that the
 * path has another inode and open it again.
 */
export function openLogFile(path: string, options: { readonly rotateAt?: number } = {}): LogFile {
  const limit = options.rotateAt ?? rotateAt;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let descriptor = openSync(path, 'a', 0o600);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let sinceLook = 0;
  let scheduled = false;
  let closed = false;

  function reopen(): void {
    closeSync(descriptor);
    descriptor = openSync(path, 'a', 0o600);
  }

  function rotate(): void {
    const lock = `${path}.rotating`;
    try {
      mkdirSync(lock);
    } catch {
      // Another thread is at it. One that died meanwhile must not stop rotation for ever.
      const age = statSync(lock, { throwIfNoEntry: false });
      if (age !== undefined && Date.now() - age.mtimeMs > staleAfter) rmdirSync(lock);
      return;
    }
    try {
      if (statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(descriptor).ino) return;
      for (let index = kept - 1; index >= 1; index--) {
        if (statSync(`${path}.${index}`, { throwIfNoEntry: false }))
          renameSync(`${path}.${index}`, `${path}.${index + 1}`);
      }
      renameSync(path, `${path}.1`);
    } finally {
      rmdirSync(lock);
    }
  }

  function look(): void {
    sinceLook = 0;
    if (fstatSync(descriptor).size > limit) rotate();
    if (statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(descriptor).ino) reopen();
  }

  function flush(): void {
    scheduled = false;
    if (waiting.length === 0 || closed) return;
    const text = waiting.join('');
    waiting = [];
    waitingBytes = 0;
    try {
      writeSync(descriptor, text);
      sinceLook += text.length;
      if (sinceLook >= Math.min(lookEvery, limit)) look();
    } catch {
      // A full disk must not take the daemon with it; the lines are lost and the next write tries again.
    }
  }

  return {
    write(line, urgent) {
      if (closed) return;
      waiting.push(line);
      waitingBytes += line.length;
      if (urgent || waitingBytes >= bufferLimit) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    flush,
    close() {
      flush();
      if (!closed) closeSync(descriptor);
      closed = true;
    },
  };
}
