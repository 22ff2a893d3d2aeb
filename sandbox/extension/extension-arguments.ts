import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { ExtensionPlatform } from './extension-platform.ts';
import type { ExtensionRecord } from './extension-record.ts';
import type { RunningExtension } from './running-extension.ts';
import type { SecurityJournal } from './security-journal.ts';

/** What the part hands to the actor of one extension. */
export interface ExtensionArguments {
  readonly installed: InstalledExtension;
  readonly platform: ExtensionPlatform;
  readonly record: ExtensionRecord;
  readonly security: SecurityJournal;
  /** Told what runs, for facts that are read without a message. */
  readonly attach: (running: RunningExtension) => void;
  /** It took itself out of service. */
  readonly quarantined: (reason: string) => void;
}
