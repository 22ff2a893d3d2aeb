import type { InstalledExtension } from './installed-extension.ts';

/** One entry of the journal: what is being done to an extension, written before it is done. */
export interface Operation {
  readonly kind: 'install' | 'update' | 'remove' | 'grant';
  readonly id: string;
  readonly startedAt: string;
  /** As it is to be; null when it is to be gone. */
  readonly next: InstalledExtension | null;
  /** As it was; null when it was not there. */
  readonly previous: InstalledExtension | null;
  readonly keepData: boolean;
  /** The step that was begun last. */
  readonly step: string;
  /**
   * Projects whose database was touched, with the number of migrations that were in force before; null when that
   * was not known yet, and then none of ours has run.
   */
  readonly touched: Readonly<Record<string, number | null>>;
}
