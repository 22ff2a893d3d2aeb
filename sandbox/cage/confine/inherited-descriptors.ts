import { readdirSync, readFileSync } from 'node:fs';

const closedOnExec = 0o2000000;

/**
 * Descriptors that this process was started with besides the first three, and would hand on to each program it starts:
 * what a shell, a service manager or a test runner left open. Node's own are closed by the kernel. Empty where there is
 * no /proc to ask.
 */
export function inheritedDescriptors(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd > 2 && isHandedOn(fd));
}

function isHandedOn(fd: number): boolean {
  try {
    const flags = /^flags:\s*(?<octal>[0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
    return (Number.parseInt(flags?.groups?.['octal'] ?? '0', 8) & closedOnExec) === 0;
  } catch {
    // Closed meanwhile, as the one this list was read with.
    return false;
  }
}
