import type { Settings } from '../../config/settings.ts';

/** Loggers of this thread that write; held weakly, since those of actors come and go. */
let loggers: WeakRef<{ level: string }>[] = [];
/** Entries after which those that are gone are swept. */
let sweepAt = 256;

/** The level of all loggers of this thread. */
export const logLevel = {
  /** A logger that follows changes of the level. */
  follow(logger: { level: string }): void {
    loggers.push(new WeakRef(logger));
    if (loggers.length < sweepAt) return;
    loggers = loggers.filter((each) => each.deref() !== undefined);
    sweepAt = Math.max(256, loggers.length * 2);
  },

  set(level: Settings['log.level']): void {
    for (const each of loggers) {
      const logger = each.deref();
      if (logger !== undefined) logger.level = level;
    }
  },
} as const;
