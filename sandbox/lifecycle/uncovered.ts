import type { Permission } from '../../runtime/protocol/extension-manifest.ts';
import { covers } from '../broker/covers.ts';

/**
 * What of the permissions the others do not cover, scope by scope.
 * @returns permissions with the scopes left over; empty when all is covered
 */
export function uncovered<P extends Pick<Permission, 'capability' | 'scope'>>(
  permissions: readonly P[],
  by: readonly Pick<Permission, 'capability' | 'scope'>[],
): readonly P[] {
  return permissions.flatMap((permission) => {
    const { capability } = permission;
    const held = by.filter((one) => one.capability === capability).flatMap(({ scope }) => scope);
    const left = permission.scope.filter((target) => !covers(capability, held, target));
    return left.length === 0 ? [] : [{ ...permission, scope: left }];
  });
}
