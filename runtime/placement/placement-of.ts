import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildSpec, TreeSpec } from '../supervision/child-spec.ts';
import type { Placement } from './placement.ts';

/** The placements a machine has. */
export interface Placements {
  readonly inline: Placement;
  readonly thread: Placement;
  readonly pool: Placement;
  /** Only machines that were given one. */
  readonly cage: Placement | undefined;
}

/** The placement a specification asks for. Throws MF608 when the machine has none of that kind. */
export function placementOf({ id, placement }: ChildSpec, placements: Placements): Placement {
  // What is no placement at all is found by the check of the specification, which names the field.
  const found =
    placement?.kind === 'cage' ? placements.cage : (placements[placement?.kind] ?? placements.thread);
  if (found !== undefined) return found;
  throw new MagFlockError('MF608', `${id}.placement is ${placement.kind}, and no cage is plugged in`, {
    details: { part: id, field: 'placement' },
    fix: 'create the motherboard with `placements: { cage }`, or choose thread for code you trust',
  });
}

/** Throws MF608 when a part of this specification asks for a placement the machine does not have. */
export function checkPlacements(spec: TreeSpec, placements: Placements): void {
  if ('placement' in spec) placementOf(spec, placements);
  else for (const child of spec.supervisor?.children ?? []) checkPlacements(child, placements);
}
