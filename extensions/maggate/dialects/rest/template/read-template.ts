import type { RestPlan } from '../rest-plan.ts';
import type { HoleKind } from './scan-read.ts';

/** Where a text of a finished plan comes from: it is always the same, or it is made of the value of a hole. */
export type Filling =
  | { readonly kind: 'constant'; readonly text: string | null }
  /** `like` turns `*` into `%`. */
  | { readonly kind: HoleKind | 'like'; readonly hole: number };

/** A plan whose values are taken out: what requests of one shape have in common. */
export interface ReadTemplate {
  readonly plan: RestPlan;
  readonly fillings: readonly Filling[];
  /** Content-Location's query: the texts around the values, and the holes between them. */
  readonly canonicalParts: readonly string[];
  readonly canonicalHoles: readonly number[];
}
