import { readFileSync } from 'node:fs';

export interface ProcessCost {
  /** User and system time so far, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory in MiB (shared pages counted in each process that maps them). */
  readonly memoryMegabytes: number;
}

const TICKS_PER_SECOND = 100;

/** CPU time and memory of the given processes together, from /proc (Linux). Ended ones count as zero. */
export function processCost(pids: readonly number[]): ProcessCost {
  let cpuSeconds = 0;
  let memoryMegabytes = 0;
  for (const pid of pids) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      memoryMegabytes +=
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      // The process ended between listing and reading.
    }
  }
  return { cpuSeconds, memoryMegabytes };
}
