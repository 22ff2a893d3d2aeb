import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { constants, lstat, open as openHandle, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Capability, CapabilityCall } from '../capability.ts';
import { FileLedger, type Holdings } from './files/file-ledger.ts';
import { fileRefusal } from './files/file-refusal.ts';
import { measureFolder } from './files/measure-folder.ts';
import { lookAt, openFile } from './files/open-file.ts';
import { openFolder } from './files/open-folder.ts';
import { readPath, temporaryPrefix } from './files/read-path.ts';
import { sizeOnDisk } from './files/size-on-disk.ts';

export interface FilesOptions {
  /** Absolute; the folder of an extension is `<folder>/<id>/<project>`. */
  readonly folder: string;
  /** Shared by all who may serve the same extension at the same time; default: one of its own. */
  readonly ledger?: FileLedger;
  /** Files an extension may keep, over all its projects; default 10,000. */
  readonly mostFiles?: number;
}

/** A line of `files.list`. */
export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Of a file; 0 for a folder. */
  readonly bytes: number;
}

const mostBytes = 8 * 1024 * 1024;
const mostFilesByDefault = 10_000;

/**
 * `files`: a folder of the extension's own per project. Paths are read strictly, links and special files refused,
 * writing replaces a file at once or not at all, and what is kept counts as disk.
 */
export function filesCapability({
  folder,
  ledger = new FileLedger(),
  mostFiles = mostFilesByDefault,
}: FilesOptions): Capability {
  /** Bytes by which the quota of each extension was charged here. */
  const paid = new Map<string, number>();

  function homeOf(call: CapabilityCall): readonly [id: string, project: string] {
    const [id, project, ...more] = [...readPath(call.extension), ...readPath(call.project)];
    if (id === undefined || project === undefined || more.length > 0) {
      throw fileRefusal('path', 'The extension or project has no folder.');
    }
    return [id, project];
  }

  function open(
    call: CapabilityCall,
    segments: readonly string[],
    create: boolean,
  ): Promise<string | undefined> {
    return openFolder(folder, [...homeOf(call), ...segments], create);
  }

  async function locate(call: CapabilityCall): Promise<string | undefined> {
    const segments = readPath(call.args[0]);
    const name = segments.at(-1);
    if (name === undefined) throw fileRefusal('folder', 'The path names no file.');
    const parent = await open(call, segments.slice(0, -1), false);
    return parent === undefined ? undefined : join(parent, name);
  }

  /** Measured at first use, over all projects; from then on the level is kept. */
  function holdingsOf(call: CapabilityCall): Promise<Holdings> {
    const measure = () => measureFolder(join(folder, homeOf(call)[0]));
    return ledger.holdings(call.extension, paid, measure);
  }

  /** Brings the quota to what is there: lowered since, or changed by another version, it may have no room for it. */
  function settle(call: CapabilityCall, { level }: Holdings): void {
    const due = level.bytes - (paid.get(call.extension) ?? 0);
    if (due !== 0) call.spend('disk', due);
    paid.set(call.extension, level.bytes);
  }

  async function inTurn<T>(call: CapabilityCall, change: (held: Holdings) => Promise<T>): Promise<T> {
    const held = await holdingsOf(call);
    const done = held.last.then(() => {
      call.signal.throwIfAborted();
      return change(held);
    });
    held.last = done.catch(() => {});
    return done;
  }

  async function read(call: CapabilityCall): Promise<string> {
    const path = await locate(call);
    const encoding = encodingOf(call.args[1]);
    if (path === undefined || (await lookAt(path)) === undefined) throw absent();
    const file = await openFile(path);
    try {
      const { size } = await file.stat();
      if (size > mostBytes) throw tooLong();
      const bytes = Buffer.alloc(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return decode(bytes.subarray(0, bytesRead), encoding);
    } finally {
      await file.close();
    }
  }

  async function write(call: CapabilityCall): Promise<{ readonly bytes: number }> {
    const segments = readPath(call.args[0]);
    const name = segments.at(-1);
    if (name === undefined) throw fileRefusal('folder', 'The path names no file.');
    const bytes = encode(call.args[1], encodingOf(call.args[2]));
    return inTurn(call, async (held) => {
      settle(call, held);
      const parent = (await open(call, segments.slice(0, -1), true)) as string;
      try {
        const path = join(parent, name);
        const old = await lookAt(path);
        if (old?.isDirectory()) throw fileRefusal('folder', 'That is a folder.');
        if (old === undefined && held.level.files >= mostFiles) {
          throw fileRefusal('count', `An extension keeps at most ${mostFiles} files.`);
        }
        const more = sizeOnDisk(bytes.length) - (old === undefined ? 0 : sizeOnDisk(old.size));
        if (more > 0) call.spend('disk', more);
        try {
          await replace(path, parent, bytes);
        } catch (error) {
          if (more > 0) call.spend('disk', -more);
          throw error;
        }
        held.level.bytes += more;
        if (more > 0) paid.set(call.extension, held.level.bytes);
        else settle(call, held);
        if (old === undefined) held.level.files += 1;
        return { bytes: bytes.length };
      } catch (error) {
        await prune(parent, segments.length - 1);
        throw error;
      }
    });
  }

  async function list(call: CapabilityCall): Promise<readonly FileEntry[]> {
    const path = await open(call, readPath(call.args[0] ?? ''), false);
    if (path === undefined) return [];
    const entries: FileEntry[] = [];
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.name.startsWith(temporaryPrefix)) continue;
      if (entry.isDirectory()) entries.push({ name: entry.name, kind: 'folder', bytes: 0 });
      if (!entry.isFile()) continue;
      const stats = await lstat(join(path, entry.name)).catch(() => undefined);
      if (stats?.isFile()) entries.push({ name: entry.name, kind: 'file', bytes: stats.size });
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async function remove(call: CapabilityCall): Promise<{ readonly removed: boolean }> {
    const segments = readPath(call.args[0]);
    return inTurn(call, async (held) => {
      const path = await locate(call);
      const old = path === undefined ? undefined : await lookAt(path);
      if (path === undefined || old === undefined) return { removed: false };
      if (old.isDirectory()) throw fileRefusal('folder', 'That is a folder; it goes with its last file.');
      await rm(path);
      held.level.bytes -= sizeOnDisk(old.size);
      held.level.files -= 1;
      // Removing must go on when the quota was lowered; only writing needs room for all that is there.
      if (held.level.bytes < (paid.get(call.extension) ?? 0)) settle(call, held);
      await prune(dirname(path), segments.length - 1);
      return { removed: true };
    });
  }

  return {
    name: 'files',
    methods: { read, write, list, remove },
    async release(extension) {
      await ledger.release(extension, paid);
      paid.delete(extension);
    },
  };
}

/** All of it under a name of our own, on the disk, then renamed: a reader sees the old file or the new one. */
async function replace(path: string, parent: string, bytes: Buffer): Promise<void> {
  const temporary = join(parent, `${temporaryPrefix}${randomBytes(12).toString('hex')}`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  try {
    const file = await openHandle(temporary, flags, 0o600);
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Folders exist for the files in them: an empty one would cost room that no quota counts. */
async function prune(folder: string, levels: number): Promise<void> {
  let path = folder;
  for (let level = 0; level < levels; level += 1) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
    path = dirname(path);
  }
}

function encodingOf(given: unknown): 'text' | 'base64' {
  if (given === undefined || given === null) return 'text';
  const encoding: unknown =
    typeof given === 'object' && Object.hasOwn(given, 'encoding')
      ? (given as { encoding: unknown }).encoding
      : given;
  if (encoding !== 'text' && encoding !== 'base64') {
    throw fileRefusal('content', 'The encoding must be text or base64.');
  }
  return encoding;
}

function encode(content: unknown, encoding: 'text' | 'base64'): Buffer {
  if (typeof content !== 'string') throw fileRefusal('content', 'The content must be text.');
  const bytes = Buffer.from(content, encoding === 'text' ? 'utf8' : 'base64');
  if (bytes.length > mostBytes) throw tooLong();
  return bytes;
}

function decode(bytes: Buffer, encoding: 'text' | 'base64'): string {
  if (encoding === 'base64') return bytes.toString('base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fileRefusal('content', 'The file is no UTF-8 text; read it as base64.');
  }
}

function absent(): MagFlockError {
  return new MagFlockError('MF104', 'There is no such file.');
}

function tooLong(): MagFlockError {
  return fileRefusal('size', `A file has at most ${mostBytes} bytes.`);
}
