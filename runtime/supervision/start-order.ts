import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildSpec } from './child-spec.ts';

/**
 * Children in an order in which each comes after what it requires; otherwise as registered.
 * Throws MF608 for a requirement that is not registered, MF609 with the path for a cycle.
 */
export function startOrder(specs: readonly ChildSpec[]): readonly ChildSpec[] {
  const byId = new Map(specs.map((spec) => [spec.id, spec]));
  const ordered: ChildSpec[] = [];
  const done = new Set<string>();

  function visit(spec: ChildSpec, path: readonly string[]): void {
    if (done.has(spec.id)) return;
    const at = path.indexOf(spec.id);
    if (at >= 0) {
      const cycle = [...path.slice(at), spec.id];
      throw new MagFlockError('MF609', `parts require each other: ${cycle.join(' → ')}`, {
        details: { cycle },
      });
    }
    for (const name of spec.requires ?? []) {
      const required = byId.get(name);
      if (required === undefined) {
        throw new MagFlockError('MF608', `${spec.id}.requires names ${name}, which is not registered`, {
          details: { part: spec.id, field: 'requires', value: name },
        });
      }
      visit(required, [...path, spec.id]);
    }
    done.add(spec.id);
    ordered.push(spec);
  }

  for (const spec of specs) visit(spec, []);
  return ordered;
}
