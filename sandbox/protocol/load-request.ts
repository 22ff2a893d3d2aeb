import type { TrustLevel } from './trust-level.ts';

/** A guest that is to be put into a slot. */
export interface LoadRequest {
  readonly id: string;
  readonly version: string;
  readonly trust: TrustLevel;
  /** One bundled ES module without imports; its default export is the extension. */
  readonly code: string;
  readonly memoryMegabytes: number;
  /** Processor time that loading may take, milliseconds. */
  readonly cpuMs: number;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** Names of granted capabilities: the others are absent from the guest's context. Checked by the host anyway. */
  readonly capabilities: readonly string[];
  /** Engine features that are taken away unless named here. */
  readonly features: readonly ('WebAssembly' | 'SharedArrayBuffer')[];
  /** Log lines per second that leave the isolate. */
  readonly logLinesPerSecond: number;
  /** Capability calls that may be under way at the same time. */
  readonly concurrentSyscalls: number;
}

/** What is known of a guest once its module has run. */
export interface LoadedGuest {
  /** Handlers it exports: `onRequest`, `onStart` … */
  readonly handlers: readonly string[];
}

/** How a slot became empty without being asked to. */
export interface GuestEnd {
  readonly reason: 'memory' | 'cpu' | 'stuck' | 'fault' | 'closed';
  /** For operators; no host path. */
  readonly detail: string;
}

/** A sign of life. */
export interface GuestVitals {
  /** Milliseconds the code that runs now has been running; 0 when none does. */
  readonly busyMs: number;
  readonly heapBytes: number;
  /** Processor time since it was loaded. */
  readonly cpuMs: number;
  readonly calls: number;
}
