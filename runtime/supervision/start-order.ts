import { MagFlockError } from '../errors/magflock-error.ts';

/** What the order of start needs of a specification. */
export interface Ordered {
  readonly id: string;
  readonly requires?: readonly string[];
  readonly supervisor?: { readonly children: readonly Ordered[] };
}

/**
 * Specifications in an order in which each comes after what it requires; otherwise as registered. Groups are ordered
 * as wholes, and inside too.
 * Throws MF608 for a requirement that is not registered, MF609 with the path for a cycle.
 */
export function startOrder<S extends Ordered>(specs: readonly S[]): readonly S[] {
  const known = new Set(specs.flatMap(idsOf));
  for (const spec of specs.flatMap(flatten)) {
    const missing = spec.requires?.find((name) => !known.has(name));
    if (missing === undefined) continue;
    throw new MagFlockError('MF608', `${spec.id}.requires names ${missing}, which is not registered`, {
      details: { part: spec.id, field: 'requires', value: missing },
    });
  }
  for (const { supervisor } of specs.flatMap(flatten))
    if (supervisor !== undefined) sorted(supervisor.children);
  return sorted(specs).map(({ spec }) => spec);
}

/**
 * The same for specifications beside each other, with the ids each of them must wait for; what they require
 * elsewhere is left to those who supervise it. Throws MF609.
 */
export function sorted<S extends Ordered>(
  specs: readonly S[],
): readonly { readonly spec: S; readonly after: readonly string[] }[] {
  const owner = new Map(specs.flatMap((spec) => idsOf(spec).map((id) => [id, spec] as const)));
  const ordered: { readonly spec: S; readonly after: readonly string[] }[] = [];
  const done = new Set<S>();

  function visit(spec: S, path: readonly string[]): void {
    if (done.has(spec)) return;
    const at = path.indexOf(spec.id);
    if (at >= 0) {
      const cycle = [...path.slice(at), spec.id];
      throw new MagFlockError('MF609', `parts require each other: ${cycle.join(' → ')}`, {
        details: { cycle },
      });
    }
    const required = flatten(spec).flatMap(({ requires }) => (requires ?? []).map((id) => owner.get(id)));
    const after = new Set(required.filter((other) => other !== undefined && other !== spec)) as Set<S>;
    for (const other of after) visit(other, [...path, spec.id]);
    done.add(spec);
    ordered.push({ spec, after: [...after].map(({ id }) => id) });
  }

  for (const spec of specs) visit(spec, []);
  return ordered;
}

/** A specification with all beneath it. */
export function flatten<S extends Ordered>(spec: S): readonly S[] {
  return [spec, ...((spec.supervisor?.children ?? []) as readonly S[]).flatMap(flatten)];
}

function idsOf(spec: Ordered): readonly string[] {
  return flatten(spec).map(({ id }) => id);
}
