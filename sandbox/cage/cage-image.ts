import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { hostTools } from './confine/host-tools.ts';
import { neededLibraries } from './confine/needed-libraries.ts';

/** Everything a cage sees, as files. */
export interface CageImage {
  /** What becomes the root folder of a cage: `image/`, libraries, and places for mounts. */
  readonly root: string;
  /** The code, below the root. */
  readonly folder: string;
  /** First module, relative to the folder: plain JavaScript, whatever it was made from. */
  readonly entry: string;
  readonly libc: 'glibc' | 'musl';
  /** Keeps it from being taken for an old one. False when somebody has removed it: then it is to be made again. */
  isThere(): boolean;
  /** Node's program; a copy where this uid cannot run the one of the daemon. */
  node(uid: number | undefined): string;
}

/** Which code goes in. */
export interface CageCode {
  /** Folder that the others are relative to. */
  readonly base: string;
  /** Their files are copied, subfolders too. */
  readonly folders: readonly string[];
  readonly entry: string;
}

const extension = fileURLToPath(import.meta.url).slice(-3);
const oldAfterMs = 30 * 24 * 60 * 60 * 1000;
const packages = ['isolated-vm', 'node-gyp-build'];

/** The inside of a cage as it ships. */
export const insideCode: CageCode = {
  base: fileURLToPath(new URL('../../', import.meta.url)),
  folders: ['sandbox/protocol', 'sandbox/isolate'],
  entry: `sandbox/isolate/cage.process${extension}`,
};

/**
 * Makes the image, once for its content: a second start, and a second daemon, find it.
 * @param parent folder for images, which the cage's uid must be able to enter
 */
export function cageImage(parent: string, code: CageCode = insideCode): CageImage {
  const files = new Map([...codeFiles(code), ...packageFiles(), ...hostFiles()]);
  const hash = createHash('sha256').update(process.version);
  for (const [to, from] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = typeof from === 'string' ? readFileSync(from) : from;
    hash.update(`${to}\0${content.length}\0`).update(content);
  }
  const root = join(parent, `image-${hash.digest('hex').slice(0, 32)}`);
  if (!existsSync(root)) {
    removeOld(parent);
    build(root, files);
  }
  checkOwner(parent);
  checkOwner(root);
  markUsed(root);
  return {
    root,
    folder: join(root, 'image'),
    entry: plainName(code.entry),
    libc: existsSync('/etc/alpine-release') ? 'musl' : 'glibc',
    node: (uid) => nodeFor(uid, parent),
    isThere: () => markUsed(root),
  };
}

function* codeFiles({ base, folders }: CageCode): Iterable<[string, string | Buffer]> {
  for (const folder of folders) {
    for (const found of readdirSync(join(base, folder), { recursive: true, withFileTypes: true })) {
      if (!found.isFile() || found.name.endsWith('.d.ts') || !found.name.endsWith(extension)) continue;
      const path = join(found.parentPath, found.name);
      yield [join('image', plainName(relative(base, path))), path];
    }
  }
  yield ['image/package.json', Buffer.from('{"type":"module"}\n')];
}

function plainName(path: string): string {
  return path.replace(/\.ts$/, '.js');
}

/** Without types: a process that has to strip them itself takes 30 MB more, for its whole life. */
function plainCode(source: string): string {
  return stripTypeScriptTypes(source).replace(/^(.*\bfrom\s+'\.{1,2}\/[^']+)\.ts(';)$/gm, '$1.js$2');
}

/** Of isolated-vm only what this platform loads: the rest of the package is sources. */
function* packageFiles(): Iterable<[string, string | Buffer]> {
  const require = createRequire(import.meta.url);
  const own = createRequire(require.resolve('isolated-vm/package.json'));
  for (const name of packages) {
    const folder = dirname((name === 'isolated-vm' ? require : own).resolve(`${name}/package.json`));
    const wanted = readdirSync(folder).filter((file) => /^(package\.json|[\w-]+\.js)$/.test(file));
    const platform = join('prebuilds', `${process.platform}-${process.arch}`);
    if (existsSync(join(folder, platform))) {
      const abi = `.abi${process.versions.modules}.`;
      wanted.push(
        ...readdirSync(join(folder, platform))
          .filter((file) => file.includes(abi))
          .map((file) => join(platform, file)),
      );
    }
    const compiled = join('build', 'Release', 'isolated_vm.node');
    if (existsSync(join(folder, compiled))) wanted.push(compiled);
    for (const file of wanted) yield [join('image/node_modules', name, file), join(folder, file)];
  }
}

/** For a root folder of its own: the libraries of Node and of the program that takes the privileges away. */
function* hostFiles(): Iterable<[string, string | Buffer]> {
  yield ['node', Buffer.alloc(0)];
  const { setpriv } = hostTools();
  if (setpriv === undefined) return;
  yield ['setpriv', setpriv];
  for (const library of [...neededLibraries(setpriv), ...neededLibraries(process.execPath)]) {
    yield [library.slice(1), library];
  }
}

function build(root: string, files: ReadonlyMap<string, string | Buffer>): void {
  const unfinished = `${root}.${process.pid}.${Date.now()}`;
  makeFolder(unfinished);
  for (const empty of ['old', 'proc']) makeFolder(join(unfinished, empty));
  for (const [to, from] of files) {
    const target = join(unfinished, to);
    makeFolder(dirname(target));
    if (typeof from !== 'string') writeFileSync(target, from);
    else if (from.endsWith('.ts')) writeFileSync(target, plainCode(readFileSync(from, 'utf8')));
    else copyFileSync(from, target);
    const program = typeof from === 'string' && (statSync(from).mode & 0o111) !== 0;
    chmodSync(target, program ? 0o755 : 0o644);
  }
  try {
    renameSync(unfinished, root);
  } catch (thrown) {
    // Another process was faster; its image has the same content.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(root)) throw thrown;
  }
}

/** Whatever the umask says: another uid must be able to read. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  openFolders(folder, dirname(first));
}

function openFolders(folder: string, above: string): void {
  for (let at = folder; at !== above && at.length > above.length; at = dirname(at)) chmodSync(at, 0o755);
}

function markUsed(root: string): boolean {
  try {
    const now = new Date();
    utimesSync(root, now, now);
    return true;
  } catch {
    return false;
  }
}

/** Of versions that are not run any more. A daemon marks its own whenever it starts a cage. */
function removeOld(parent: string): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith('image-')) continue;
    const path = join(parent, name);
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - used > oldAfterMs) rmSync(path, { recursive: true, force: true });
  }
}

/** What runs with the walls must not be what somebody else put there. */
function checkOwner(folder: string): void {
  const { uid, mode } = statSync(folder);
  if (process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)) return;
  throw new MagFlockError('MF660', `No cage starts from ${folder}: others may write there.`, {
    fix: `Remove ${folder}; it is made again.`,
  });
}

function nodeFor(uid: number | undefined, parent: string): string {
  if (uid === undefined || mayRun(process.execPath, uid)) return process.execPath;
  const { size } = statSync(process.execPath);
  const copy = join(parent, `${basename(process.execPath)}-${process.version}-${size}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  copyFileSync(process.execPath, unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, copy);
  return copy;
}

/** Asked of the kernel by trying: mode bits alone say nothing about access lists or a closed folder further up. */
function mayRun(program: string, uid: number): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', program], {
    uid,
    gid: uid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return status === 0;
}
