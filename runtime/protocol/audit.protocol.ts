import type { Identity } from './identity.protocol.ts';
import type { OutboxRow } from './storage.protocol.ts';

export type AuditKind =
  | 'write' // a row changed through the API; sealed from the outbox of its own transaction
  | 'auth-failed' // keys refused, aggregated per source and minute
  | 'threat' // a block or log of the security mesh
  | 'admin' // an administrative act over the control socket
  | 'schema' // DDL seen
  | 'system'; // boot, stop, restart of a part

/** What callers hand in; the sealer adds sequence, time of sealing and hashes. */
export interface AuditFact {
  readonly kind: AuditKind;
  /** Project, or `system`. */
  readonly project: string;
  readonly action: string;
  readonly actor: string;
  readonly address?: string;
  readonly requestId?: string;
  readonly target?: string;
  /** Digest of the payload, never the payload: erasure stays possible. */
  readonly digest?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** One sealed entry of a project's chain. */
export interface AuditEntry extends AuditFact {
  readonly seq: number;
  readonly id: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface ReadLogsRequest {
  readonly project: string;
  readonly kinds?: readonly AuditKind[];
  /** Entries after this sequence number, oldest first; without it the newest `limit`. */
  readonly after?: number;
  readonly limit: number;
}

export interface VerifyFinding {
  readonly project: string;
  readonly seq: number | null;
  readonly problem:
    | 'edited'
    | 'removed'
    | 'reordered'
    | 'tail-removed'
    | 'bad-checkpoint'
    | 'unauthentic-outbox-row';
  readonly detail: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly entries: number;
  readonly checkpoints: number;
  readonly findings: readonly VerifyFinding[];
}

/** The audit trail, owner side: one sealer per project, exactly once. */
export interface AuditProtocol {
  /** An entry without a transaction of its own; answers when it is durable. */
  append(fact: AuditFact): { readonly id: string };
  /** Rows may be waiting in the outbox of this project. */
  wake(request: { readonly project: string }): void;
  read(request: ReadLogsRequest): readonly AuditEntry[];
  verify(request: { readonly project?: string }): VerifyReport;
  /** How far the running `verify` of this project (or of all) has come; null when none runs. */
  verifyProgress(request: { readonly project?: string }): {
    readonly entries: number;
    readonly totalEntries: number;
  } | null;
  /** Seals what waits, writes a checkpoint now. */
  checkpoint(request: { readonly project: string }): { readonly seq: number; readonly file: string };
}

/** Audit in a CPU thread. */
export interface AuditReplica {
  /** The outbox row of a write, with its MAC. */
  outboxRow(write: {
    readonly identity: Identity;
    /** Who wrote when it was no key: `extension:acme.hello`. */
    readonly actor?: string;
    readonly requestId: string;
    readonly address: string;
    readonly operation: string;
    readonly table: string;
    readonly target: string;
    readonly body: string | undefined;
    /** All that a request does, when it is more than one operation: `insert orders; update stock`. */
    readonly operations?: string | undefined;
  }): OutboxRow;
  /** Counts a refused key; one entry per source and window goes to the owner. */
  keyRefused(refusal: { readonly project: string; readonly address: string; readonly code: string }): void;
}
