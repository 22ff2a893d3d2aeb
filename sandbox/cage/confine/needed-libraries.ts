import { spawnSync } from 'node:child_process';

/**
 * Shared libraries that a program loads, its loader included, as the loader itself finds them. Empty for a program
 * without any, and where there is no loader that tells.
 * @param program absolute path of a program of the host that is trusted
 */
export function neededLibraries(program: string): readonly string[] {
  const { stdout } = spawnSync(program, ['--version'], {
    env: { LD_TRACE_LOADED_OBJECTS: '1' },
    encoding: 'utf8',
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
  return [...(stdout ?? '').matchAll(/(?:=> |^\s*)(?<path>\/\S+) \(0x/gm)].map(
    (found) => found.groups?.['path'] as string,
  );
}
