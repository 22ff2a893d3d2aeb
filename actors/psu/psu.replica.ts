import { defineReplica } from '../../runtime/placement/define-replica.ts';
import type { PsuReplica } from '../../runtime/protocol/psu.protocol.ts';
import { issuerOf } from './issuer-of.ts';
import type { KeyDelta, KeySnapshot } from './key-record.ts';
import { KeyRing } from './key-ring.ts';

/** PSU in a CPU thread: knows the hashes of all keys, so that a request is authenticated without a hop. */
export const replica = defineReplica<KeyRing, KeySnapshot, KeyDelta, PsuReplica>({
  of: 'psu',
  init: ({ settings }) => new KeyRing((project) => issuerOf(project, settings.domain)),
  applySnapshot: (ring, snapshot) => ring.replace(snapshot),
  applyDelta: (ring, delta) => ring.apply(delta),
  api: (ring) => ring,
});
