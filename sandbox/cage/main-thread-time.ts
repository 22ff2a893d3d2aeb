import { readFileSync } from 'node:fs';

/** Of Linux's /proc, on every architecture that Node runs on. */
const millisecondsPerTick = 10;

/**
 * Processor time that the main thread of a process has had, and whether it would take more, as proc(5) tells it.
 * Undefined where there is no /proc or no such process.
 */
export function mainThreadTime(pid: number): { readonly ms: number; readonly wants: boolean } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is a name in parentheses, and may have any character in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { ms: (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick, wants: fields[0] === 'R' };
}
