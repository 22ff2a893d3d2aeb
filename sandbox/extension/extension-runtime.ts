import type { ExtensionInfo, Grant } from '../../runtime/protocol/extensions.protocol.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';

/** What runs: the actors of the extensions. The life cycle decides what is installed, and tells this. */
export interface ExtensionRuntime {
  /**
   * Makes the extension answer: at once when its manifest says `startup`, else with its first call.
   * @throws MF660 when it was to start and did not
   */
  start(installed: InstalledExtension): Promise<void>;
  /**
   * Hot swap: loads the new version beside the old one, asks its health, hands the state over, switches, and drains
   * the old one. Calls that come meanwhile lose nothing.
   * @throws MF660 with the reason; the old version goes on
   */
  replace(installed: InstalledExtension): Promise<void>;
  /** Drains and ends it. */
  stop(id: string): Promise<void>;
  /** Runs `onInstall` or `onUninstall` in an isolate of its own, in each of its projects. */
  run(installed: InstalledExtension, entry: 'install' | 'uninstall'): Promise<void>;
  /** Puts other grants in force at once; system calls under way that are not covered any more are ended. */
  regrant(id: string, grants: readonly Grant[]): void;
  /** Ends it at once and keeps it ended: ports revoked, what waited refused with MF663. */
  quarantine(id: string, reason: string): Promise<void>;
  /** Facts of what runs; undefined for an id that was not started. */
  facts(
    id: string,
  ): Pick<ExtensionInfo, 'state' | 'reason' | 'incarnation' | 'restarts' | 'usage' | 'history'> | undefined;
  logs(
    id: string,
    limit: number,
  ): readonly { readonly at: string; readonly level: string; readonly text: string }[];
}

/** What the runtime tells the life cycle. */
export interface RuntimeListener {
  /** It took an extension out of service by itself (limits, killed cages, an undeclared capability). */
  quarantined(id: string, reason: string): void;
}
