import type { ModelVersion } from '../../runtime/protocol/patrol.protocol.ts';
import type { AddressBlock } from '../../runtime/protocol/sentinel.protocol.ts';

/** What the owner pushes to the replicas; a change carries only the fields that changed, whole. */
export interface SentinelSnapshot {
  readonly mode: 'block' | 'simulate';
  /** Which models judge; null while there is none that works. */
  readonly models: { readonly active: ModelVersion; readonly shadow: ModelVersion | null } | null;
  /** All blocks that are not over. */
  readonly blocks: readonly AddressBlock[];
}
