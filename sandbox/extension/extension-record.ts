import type {
  ExtensionInfo,
  ExtensionState,
  ExtensionUsage,
} from '../../runtime/protocol/extensions.protocol.ts';
import type { ExtensionMeter } from '../quota/extension-meter.ts';
import { cleanLine } from './clean-line.ts';
import { noUsage } from './no-usage.ts';

/** Lines of the log of one extension that are kept in memory. */
const keptLines = 1_000;
const keptHistory = 100;
const quietMs = 60_000;

export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly text: string;
}

/** What is known of an extension over its incarnations, versions and quarantines, while the machine runs. */
export class ExtensionRecord {
  state: ExtensionState = 'idle';
  reason: string | null = null;
  incarnation = 0;
  restarts = 0;
  droppedEvents = 0;
  droppedLines = 0;
  readonly #now: () => number;
  readonly #lines: LogLine[] = [];
  readonly #history: ExtensionInfo['history'][number][] = [];
  readonly #noted = new Map<string, number>();
  #meter: ExtensionMeter | undefined;
  /** Of meters that are gone. */
  #past: ExtensionUsage | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** From now on this one counts; what the one before has counted stays. */
  countWith(meter: ExtensionMeter): void {
    if (this.#meter !== undefined) this.#past = sum(this.#meter.usage(), this.#past);
    this.#meter = meter;
  }

  usage(): ExtensionUsage {
    return sum(this.#meter?.usage() ?? noUsage, this.#past);
  }

  /** @returns the text as it was kept */
  log(level: string, text: string): string {
    const clean = cleanLine(text);
    this.#lines.push({ at: this.#time(), level, text: clean });
    if (this.#lines.length > keptLines) this.#lines.shift();
    return clean;
  }

  lines(limit: number): readonly LogLine[] {
    return limit <= 0 ? [] : this.#lines.slice(-limit);
  }

  /** @param about of what may happen very often: noted once a minute, or it would push everything else out */
  note(what: string, detail: string, about?: string): void {
    if (about !== undefined) {
      const key = `${what} ${about}`;
      const before = this.#noted.get(key);
      if (before !== undefined && this.#now() - before < quietMs) return;
      this.#noted.set(key, this.#now());
    }
    this.#history.push({ at: this.#time(), what, detail: cleanLine(detail) });
    if (this.#history.length > keptHistory) this.#history.shift();
  }

  facts(): Pick<ExtensionInfo, 'state' | 'reason' | 'incarnation' | 'restarts' | 'usage' | 'history'> {
    const { state, reason, incarnation, restarts } = this;
    return { state, reason, incarnation, restarts, usage: this.usage(), history: [...this.#history] };
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}

/** Totals add up; levels (memory, disk, what runs now) are those of the current meter. */
function sum(current: ExtensionUsage, past: ExtensionUsage | undefined): ExtensionUsage {
  if (past === undefined) return current;
  const refusals: Record<string, number> = { ...past.refusals };
  for (const [limit, count] of Object.entries(current.refusals)) {
    refusals[limit] = (refusals[limit] ?? 0) + count;
  }
  return {
    ...current,
    calls: current.calls + past.calls,
    failures: current.failures + past.failures,
    cpuMs: current.cpuMs + past.cpuMs,
    syscalls: current.syscalls + past.syscalls,
    rows: current.rows + past.rows,
    egressBytes: current.egressBytes + past.egressBytes,
    logLines: current.logLines + past.logLines,
    refusals,
  };
}
