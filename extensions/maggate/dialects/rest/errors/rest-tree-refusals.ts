import type { TreeRefusals } from '../../../plan/tree/tree-refusals.ts';
import { notEmbedded } from './not-embedded.ts';
import { notImplemented } from './not-implemented.ts';
import { orderNotToOne } from './order-not-to-one.ts';
import { relationshipAmbiguous } from './relationship-ambiguous.ts';
import { relationshipNotFound } from './relationship-not-found.ts';

/** PGRST108, PGRST118, PGRST127, PGRST200, PGRST201. */
export const restTreeRefusals: TreeRefusals = {
  notPossible: notImplemented,
  noRelationship: relationshipNotFound,
  severalRelationships: relationshipAmbiguous,
  notEmbedded,
  orderNotToOne,
};
