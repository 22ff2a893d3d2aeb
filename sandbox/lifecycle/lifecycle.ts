import type { ExtensionsProtocol } from '../../runtime/protocol/extensions.protocol.ts';
import type { InstalledExtension } from './installed-extension.ts';

type Method =
  | 'review'
  | 'install'
  | 'update'
  | 'decideUpdate'
  | 'remove'
  | 'list'
  | 'info'
  | 'grant'
  | 'enable'
  | 'disable'
  | 'quarantine'
  | 'release'
  | 'publishers'
  | 'trust'
  | 'distrust'
  | 'revoke';

type Operations = {
  readonly [M in Method]: (
    request: Parameters<ExtensionsProtocol[M]>[0],
  ) => Promise<ReturnType<ExtensionsProtocol[M]>>;
};

/** What is installed on this machine, and how it comes, changes and goes. */
export interface Lifecycle extends Operations {
  /** First of all: ends what a power cut left in the middle, and clears what belongs to nothing. */
  recover(): Promise<void>;
  /** Starts what is enabled. One that does not start is failed; the others start. */
  startAll(): Promise<void>;
  /** As the lock file has it. */
  installed(): readonly InstalledExtension[];
  /** The runtime took it out of service by itself. */
  quarantined(id: string, reason: string): Promise<void>;
  projectRemoved(project: string): Promise<void>;
  /**
   * Tables of a project came, went or changed: what is granted by name gets what is there now. A failure is logged; the
   * next change, grant or start tries again.
   */
  schemaChanged(project: string): Promise<void>;
  /** Takes the grants away that have expired; a timer calls it, too. */
  expireGrants(): Promise<void>;
  /** Ends the timer and waits for operations under way. */
  stop(): Promise<void>;
}
