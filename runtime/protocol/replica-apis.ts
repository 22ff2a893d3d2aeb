import type { AuditReplica } from './audit.protocol.ts';
import type { ExtensionsReplica } from './extensions.protocol.ts';
import type { GatewayReplica } from './gateway.protocol.ts';
import type { PsuReplica } from './psu.protocol.ts';
import type { SentinelReplica } from './sentinel.protocol.ts';
import type { StorageReplica } from './storage.protocol.ts';

/** Replicas by name, with the functions each one offers to its thread. */
export interface ReplicaApis {
  readonly psu: PsuReplica;
  readonly sentinel: SentinelReplica;
  readonly storage: StorageReplica;
  readonly audit: AuditReplica;
  readonly extensions: ExtensionsReplica;
  readonly maggate: GatewayReplica;
}

export type ReplicaName = keyof ReplicaApis;
