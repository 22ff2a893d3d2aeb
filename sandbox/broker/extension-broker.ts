import type { CapabilityName } from '../../runtime/protocol/extension-manifest.ts';
import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';

/** One system call of a guest, as the broker takes it. */
export interface BrokerRequest {
  readonly capability: string;
  /** `query`, or `query@shop` for another of its projects. */
  readonly method: string;
  /** Hostile. */
  readonly args: unknown;
  /** Project of the call on whose behalf the guest asks; null outside of any. */
  readonly project: string | null;
  /** Id of the request on whose behalf the guest asks; null outside of any. */
  readonly requestId: string | null;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  /** Aborted when the guest or its call has ended. */
  readonly signal: AbortSignal;
}

/** The door between one extension and the machine. */
export interface ExtensionBroker {
  /**
   * Checks and carries out.
   * @throws MF610 when declared but not granted, or not for this; MF664 over a limit; what the capability throws.
   *   A capability that the manifest does not declare is MF610 with `details.undeclared: true`: the extension is
   *   ended for that.
   */
  syscall(request: BrokerRequest): Promise<unknown>;
  /** Effective scopes at this moment, for what the host drives: `events.on`, `http.mount`. Empty for none. */
  scopes(capability: CapabilityName): readonly string[];
  /** Other grants, at once; calls under way that they do not cover are aborted with MF610. */
  regrant(grants: readonly Grant[]): void;
  /** Ends what is under way and frees what it holds. */
  close(): Promise<void>;
}
