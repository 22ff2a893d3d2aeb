import { join } from 'node:path';

/** Where things lie in a data folder; the only place that knows the names. */
export function dataPaths(dataDir: string) {
  return {
    lock: join(dataDir, 'lock.db'),
    /** Facts of the running daemon, for the command line. */
    daemon: join(dataDir, 'daemon.json'),
    /** What the BIOS remembers: fingerprint of the master key, last time seen. */
    boot: join(dataDir, 'boot.json'),
    /** State of the motherboard's managers. */
    state: join(dataDir, 'state.json'),
    masterKey: join(dataDir, 'master.key'),
    socket: join(dataDir, 'control.sock'),
    token: join(dataDir, 'control.token'),
    firstKeys: join(dataDir, 'first-keys.txt'),
    log: join(dataDir, 'logs', 'magflock.ndjson'),
  } as const;
}
