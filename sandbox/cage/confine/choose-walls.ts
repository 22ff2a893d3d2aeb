import { spawnSync } from 'node:child_process';
import type { CageImage } from '../cage-image.ts';
import { confinedCommand } from './confined-command.ts';
import type { HostTools } from './host-tools.ts';
import { possibleWalls } from './possible-walls.ts';
import type { Wall } from './wall.ts';

/**
 * The walls that can be built here, found by building them around `node --version`: first all, and if that fails each
 * alone, so that one that is refused costs only itself.
 * @param uid of the probe; undefined when this process is not root
 */
export function chooseWalls(
  image: CageImage,
  tools: HostTools,
  uid: number | undefined,
  dataBytes: number,
): ReadonlySet<Wall> {
  const works = (walls: ReadonlySet<Wall>): boolean => {
    const { file, args, env, identity } = confinedCommand({ image, tools, walls, uid, dataBytes }, [
      '--version',
    ]);
    const { status, stdout } = spawnSync(file, args, {
      env,
      cwd: '/',
      ...identity,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    return status === 0 && stdout.startsWith('v');
  };
  const possible = possibleWalls(tools, uid);
  if (works(possible)) return possible;
  const kept = new Set<Wall>(uid === undefined ? ['permission'] : ['permission', 'uid']);
  // Without `user` an ordinary account gets no namespace, and `mount` needs the rest; so the order matters.
  for (const wall of ['prlimit', 'caps', 'nnp', 'user', 'net', 'pid', 'ipc', 'uts', 'mount'] as const) {
    if (possible.has(wall) && works(new Set([...kept, wall]))) kept.add(wall);
  }
  return kept;
}
