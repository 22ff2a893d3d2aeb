import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CapabilityName, Permission } from '../../runtime/protocol/extension-manifest.ts';
import { covers } from './covers.ts';
import { type EffectivePermissions, effectivePermissions } from './effective-permissions.ts';

export interface BrokerOptions {
  /** Id of the extension. */
  readonly id: string;
  readonly requested: readonly Permission[];
  readonly granted: readonly Permission[];
  /** Announces a refusal (`extension.capability.denied`). */
  readonly denied: (facts: { readonly id: string; readonly capability: string }) => void;
}

/** The one door between an extension and the machine: asked on every call, on the host's side. */
export interface Broker {
  readonly permissions: EffectivePermissions;
  /**
   * Passes when the capability is granted for the target.
   * @param target a path for `http.mount`, a table for the others; undefined: any scope will do
   * @throws MF610, announced
   */
  demand(capability: CapabilityName, target?: string): void;
  /** The scopes of a capability; `*` for all, empty for none. */
  scopes(capability: CapabilityName): readonly string[];
}

/** Makes the broker of one extension. */
export function createBroker(options: BrokerOptions): Broker {
  const permissions = effectivePermissions(options.requested, options.granted);
  const scopes = (capability: CapabilityName): readonly string[] => permissions.get(capability) ?? [];
  return {
    permissions,
    scopes,
    demand(capability, target) {
      const held = scopes(capability);
      if (held.length > 0 && (target === undefined || covers(capability, held, target))) return;
      options.denied({ id: options.id, capability });
      throw new MagFlockError(
        'MF610',
        `The extension ${options.id} may not use ${capability}${target === undefined ? '' : ` for ${target}`}.`,
        {
          fix: options.requested.some((permission) => permission.capability === capability)
            ? 'The operator has to grant it.'
            : 'Its manifest has to ask for it, and the operator has to grant it.',
          details: { extension: options.id, capability, ...(target === undefined ? {} : { target }) },
        },
      );
    },
  };
}
