import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import { covers } from '../broker/covers.ts';

/** What of the new grants was granted before too. */
export function narrowedGrants(next: readonly Grant[], before: readonly Grant[]): readonly Grant[] {
  return next.flatMap((grant) => {
    const held = before
      .filter(({ capability }) => capability === grant.capability)
      .flatMap(({ scope }) => scope);
    const scope = grant.scope.filter((target) => covers(grant.capability, held, target));
    return scope.length === 0 ? [] : [{ ...grant, scope }];
  });
}
