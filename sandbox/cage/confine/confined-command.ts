import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { CageImage } from '../cage-image.ts';
import { emptyRootScript } from './empty-root-script.ts';
import type { HostTools } from './host-tools.ts';
import { neededLibraries } from './needed-libraries.ts';
import type { Wall } from './wall.ts';

/** What to spawn for a cage. */
export interface ConfinedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For the spawn itself, where no program of the host changes the identity. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
}

export interface ConfinedCommandFacts {
  readonly image: CageImage;
  readonly tools: HostTools;
  /** Walls to build; those that need a tool that is not here must not be among them. */
  readonly walls: ReadonlySet<Wall>;
  /** Of the cage; undefined when this process is not root. */
  readonly uid: number | undefined;
  /** Bound of writable memory, the engine's reserve included. */
  readonly dataBytes: number;
}

const killWithParent = ['--pdeathsig', 'KILL'];
const withoutPrivileges = [
  '--bounding-set=-all',
  '--inh-caps=-all',
  '--ambient-caps=-all',
  '--no-new-privs',
  ...killWithParent,
];

/**
 * The command line of a cage, from the outermost program to Node. Each program becomes the next one, but `unshare` with
 * a PID namespace, which waits for it. The chain dies with the thread that spawned it, whatever Node is doing then.
 * @param node arguments of Node after the guards, default: the entry of the image
 */
export function confinedCommand(facts: ConfinedCommandFacts, node?: readonly string[]): ConfinedCommand {
  const { image, tools, walls, uid } = facts;
  const chain: string[] = [];
  if (walls.has('user')) chain.push(tools.unshare as string, '--user', '--map-root-user');
  if (tools.setpriv !== undefined) chain.push(tools.setpriv, ...killWithParent);
  if (walls.has('prlimit')) chain.push(tools.prlimit as string, ...bounds(facts));
  const spaces = namespaces(walls);
  if (spaces.length > 0) chain.push(tools.unshare as string, ...spaces);
  const pivots = walls.has('mount');
  if (pivots) chain.push(tools.sh as string, '-c', emptyRootScript, 'sh', ...pivotArguments(image, tools));
  if (walls.has('caps')) {
    chain.push(pivots ? '/setpriv' : (tools.setpriv as string));
    if (uid !== undefined) chain.push('--reuid', String(uid), '--regid', String(uid), '--clear-groups');
    chain.push(...withoutPrivileges);
  }
  const folder = pivots ? '/image' : image.folder;
  chain.push(
    pivots ? '/node' : image.node(uid),
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${folder}/*`,
    '--disable-sigusr1',
    '--no-node-snapshot',
    '--no-warnings',
    '--expose-gc',
    ...(node ?? [`${folder}/${image.entry}`]),
  );
  const [file = '', ...args] = chain;
  return {
    file,
    args,
    env: { LIBC: image.libc },
    identity: uid === undefined || walls.has('caps') ? undefined : { uid, gid: uid },
  };
}

function bounds({ uid, dataBytes }: ConfinedCommandFacts): readonly string[] {
  return [
    '--core=0',
    '--fsize=0',
    '--nofile=256',
    `--data=${dataBytes}`,
    // Of a uid that others have, theirs would count too.
    ...(uid === undefined ? [] : [`--nproc=${64 + 2 * availableParallelism()}`]),
  ];
}

function namespaces(walls: ReadonlySet<Wall>): readonly string[] {
  const flags = (['net', 'ipc', 'uts', 'mount'] as const)
    .filter((wall) => walls.has(wall))
    .map((wall) => `--${wall}`);
  return walls.has('pid') ? [...flags, '--pid', '--fork', '--kill-child'] : flags;
}

function pivotArguments(image: CageImage, tools: HostTools): readonly string[] {
  const umount = realpathSync(tools.umount as string);
  // Of `umount` itself the loader does not tell an ordinary user: it is a setuid program.
  const libraries = neededLibraries(tools.unshare as string);
  const loader = libraries.find((path) => /\/ld[-.][^/]*$/.test(path)) ?? '';
  const folders = new Set(libraries.map((path) => `/old${dirname(realpathSync(path))}`));
  return [
    image.root,
    image.node(undefined),
    tools.mount as string,
    umount,
    tools.pivot_root as string,
    loader === '' ? '' : realpathSync(loader),
    [...folders, '/old/lib', '/old/usr/lib'].join(':'),
  ];
}
