import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** What `daemon.json` says of the daemon that holds the data folder. */
export interface DaemonFacts {
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Unix socket of the control plane. */
  readonly socket: string;
  /** Null until ready. */
  readonly url: string | null;
  readonly adminUrl: string | null;
}

/** `daemon.json`: written whole or not at all, so that a reader never sees half of it. */
export const daemonFacts = {
  write(path: string, facts: DaemonFacts): void {
    const draft = `${path}.new`;
    writeFileSync(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  },
  /** The facts, or undefined when there are none that can be read. */
  read(path: string): DaemonFacts | undefined {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as DaemonFacts;
    } catch {
      return undefined;
    }
  },
  remove(path: string): void {
    rmSync(path, { force: true });
  },
} as const;
