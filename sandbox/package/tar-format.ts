import type { PackageEntry } from './package-entry.ts';
import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';
import { shownPath } from './shown-path.ts';

const block = 512;

/**
 * The one form in which a package is a tar: POSIX ustar (IEEE 1003.1-1988), regular files only, in the order of
 * their paths, mode 0644, no owner, no time, two zero blocks, nothing after them.
 *
 * Reading demands exactly the bytes that writing the same entries gives. A tar has many ways to say a thing
 * twice (PAX and GNU headers, sparse files, links, base-256 numbers), and two readers that believe different
 * ones see different packages; here there is no second way.
 */
export const tarFormat = {
  write(entries: readonly PackageEntry[]): Buffer {
    const parts: Buffer[] = [];
    for (const { path, bytes } of [...entries].sort((a, b) => compare(a.path, b.path))) {
      parts.push(headerOf(path, bytes.length), Buffer.from(bytes), Buffer.alloc(padding(bytes.length)));
    }
    return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
  },

  /** @throws MF666 */
  read(tar: Buffer): readonly PackageEntry[] {
    const entries: PackageEntry[] = [];
    let at = 0;
    for (;;) {
      if (at + block > tar.length) throw packageRefused('it ends in the middle');
      const header = tar.subarray(at, at + block);
      at += block;
      if (header.every((byte) => byte === 0)) break;
      const { path, size } = readHeader(header);
      if (entries.length === packageLimits.files) {
        throw packageRefused(`it has more than ${packageLimits.files} files`);
      }
      const before = entries.at(-1);
      if (before !== undefined && compare(before.path, path) >= 0) {
        throw packageRefused(
          before.path === path
            ? `the path ${shownPath(path)} is there twice`
            : `${shownPath(path)} is out of order`,
        );
      }
      const next = at + size + padding(size);
      if (next > tar.length) throw packageRefused(`the file ${shownPath(path)} is cut off`);
      if (!tar.subarray(at + size, next).every((byte) => byte === 0)) {
        throw packageRefused(`there are bytes behind the file ${shownPath(path)}`);
      }
      entries.push({ path, bytes: tar.subarray(at, at + size) });
      at = next;
    }
    if (tar.length !== at + block || !tar.subarray(at).every((byte) => byte === 0)) {
      throw packageRefused('there are bytes behind its end');
    }
    return entries;
  },
} as const;

function headerOf(path: string, size: number): Buffer {
  const header = Buffer.alloc(block);
  const { name, prefix } = splitPath(path);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write('0000000\0', 329);
  header.write('0000000\0', 337);
  header.write(prefix, 345);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function readHeader(header: Buffer): { readonly path: string; readonly size: number } {
  const type = String.fromCharCode(header[156]!);
  const name = textAt(header, 0, 100);
  const prefix = textAt(header, 345, 155);
  const path = prefix === '' ? name : `${prefix}/${name}`;
  if (type !== '0') {
    throw packageRefused(
      `${shownPath(path)} is ${kinds[type] ?? 'of an unknown kind'}; only files are allowed`,
    );
  }
  const octal = header.toString('latin1', 124, 136);
  if (!/^[0-7]{11}\0$/.test(octal)) throw packageRefused(`the size of ${shownPath(path)} is not octal`);
  const size = Number.parseInt(octal, 8);
  if (size > packageLimits.file) {
    throw packageRefused(`${shownPath(path)} has ${size} bytes; a file may have ${packageLimits.file}`);
  }
  if (!headerOf(path, size).equals(header)) {
    throw packageRefused(`the header of ${shownPath(path)} is not as magflock ext pack writes it`);
  }
  return { path, size };
}

const kinds: Readonly<Record<string, string>> = {
  '\0': 'an old tar entry',
  1: 'a hard link',
  2: 'a symbolic link',
  3: 'a character device',
  4: 'a block device',
  5: 'a folder',
  6: 'a pipe',
  7: 'a contiguous file',
  x: 'a PAX header',
  g: 'a global PAX header',
  L: 'a GNU long name',
  K: 'a GNU long link',
  S: 'a sparse file',
  D: 'a GNU folder',
  V: 'a GNU volume',
  M: 'a GNU continuation',
};

/** Where ustar divides a long path: the last `/` that leaves a name of at most 100 bytes. */
function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const name = path.slice(at + 1);
    const prefix = path.slice(0, at);
    if (Buffer.byteLength(prefix) > 155) break;
    if (Buffer.byteLength(name) <= 100 && name !== '') return { name, prefix };
  }
  throw packageRefused(`the path ${shownPath(path)} is too long`);
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}

/** By bytes, so that the order does not depend on a language. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
