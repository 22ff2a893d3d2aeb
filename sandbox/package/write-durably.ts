import * as nodeFiles from 'node:fs';
import { dirname } from 'node:path';

/** Of `node:fs`; tests give one that dies between two steps. */
export type DurableFiles = Pick<
  typeof nodeFiles,
  'closeSync' | 'copyFileSync' | 'existsSync' | 'fsyncSync' | 'openSync' | 'renameSync' | 'writeSync'
>;

/**
 * Replaces a file whole: after a power cut at any moment it holds the old content or the new one. With `backup` the
 * text before is kept in `<file>.bak`, replaced just as carefully.
 * @param file in a folder that exists; written 0600 unless `mode` says otherwise
 */
export function writeDurably(
  file: string,
  content: string | Uint8Array,
  {
    backup = false,
    mode = 0o600,
    files = nodeFiles,
  }: { readonly backup?: boolean; readonly mode?: number; readonly files?: DurableFiles } = {},
): void {
  if (backup && files.existsSync(file)) {
    files.copyFileSync(file, `${file}.bak.new`);
    sync(files, `${file}.bak.new`, 'r+');
    files.renameSync(`${file}.bak.new`, `${file}.bak`);
  }
  const descriptor = files.openSync(`${file}.new`, 'w', mode);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += files.writeSync(descriptor, bytes, at);
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
  files.renameSync(`${file}.new`, file);
  sync(files, dirname(file), 'r');
}

function sync(files: DurableFiles, path: string, flags: 'r' | 'r+'): void {
  const descriptor = files.openSync(path, flags);
  try {
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}
