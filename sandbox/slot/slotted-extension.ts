import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Extension } from '../../runtime/motherboard/extension.ts';
import type { Health } from '../../runtime/motherboard/health.ts';
import type { ExtensionContext, ExtensionDefinition } from '../../runtime/protocol/extension.protocol.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { GatewayOwnerProtocol } from '../../runtime/protocol/gateway-owner.protocol.ts';

/** An extension in its slot: what the motherboard knows of it, and what a gateway's owner side answers besides. */
export interface SlottedExtension extends Extension {
  readonly id: string;
  /** What `getCapabilities` answers, at once. */
  capabilities(): readonly string[];
  activate(project: string): Promise<ReturnType<GatewayOwnerProtocol['activate']>>;
  snapshot(): unknown;
}

/**
 * Puts an SDK extension behind the interface of the motherboard.
 * @param manifest validated
 * @param context brokered: every capability in it is checked at each call
 */
export function slotExtension(
  manifest: ExtensionManifest,
  definition: ExtensionDefinition<unknown>,
  context: ExtensionContext,
): SlottedExtension {
  let state: unknown;
  let initialised = false;
  const capabilities = () => definition.getCapabilities?.(state) ?? [];
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    requiredComponents: manifest.requiredComponents,
    requiredCapabilities: [...new Set(manifest.permissions.map((permission) => permission.capability))],
    async install() {
      await definition.install?.(context);
    },
    async uninstall() {
      await definition.uninstall?.(context);
    },
    async init() {
      state = await definition.init(context);
      initialised = true;
    },
    async start() {
      await definition.start?.(state);
    },
    async stop() {
      if (initialised) await definition.stop?.(state);
    },
    async healthCheck(): Promise<Health> {
      return (
        (await definition.healthCheck?.(state)) ?? { status: 'ok', summary: `${manifest.name} is running` }
      );
    },
    capabilities,
    async getCapabilities() {
      return capabilities();
    },
    async activate(project) {
      if (definition.activate === undefined) {
        throw new MagFlockError(
          'MF605',
          `The extension ${manifest.id} is no gateway; it has nothing to activate.`,
        );
      }
      return definition.activate(state, project);
    },
    snapshot: () => definition.snapshot?.(state) ?? null,
  };
}
