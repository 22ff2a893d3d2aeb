import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { GuestEntry } from '../protocol/guest-entry.ts';

/** A call of an extension, from its part or from its own feeds. */
export interface ExtensionCall {
  readonly entry: Extract<GuestEntry, 'request' | 'event' | 'schedule' | 'before' | 'after'>;
  /** JSON text. */
  readonly payload: string;
  readonly project: string | null;
  readonly requestId: string | null;
}

/** The actor of one extension. Lives in the thread of the part and is reached by it alone. */
export interface ExtensionProtocol {
  /** JSON text of the checked answer. */
  call(request: ExtensionCall): string;
  /** Loads it when it is not loaded. Throws MF660, MF663. */
  start(request: null): null;
  replace(installed: InstalledExtension): null;
  /** Drains and ends it; what comes then gets MF607. */
  retire(request: null): null;
  quarantine(request: { readonly reason: string }): null;
}
