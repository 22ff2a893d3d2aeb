import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Extension } from '../../runtime/motherboard/extension.ts';
import type { Health } from '../../runtime/motherboard/health.ts';
import type {
  ExtensionContext,
  ExtensionDefinition,
  ExtensionHandover,
} from '../../runtime/protocol/extension.protocol.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { GatewayOwnerProtocol } from '../../runtime/protocol/gateway-owner.protocol.ts';

/** An extension in its slot: what the motherboard knows of it, and what a gateway's owner side answers besides. */
export interface SlottedExtension extends Extension {
  readonly id: string;
  /** What `getCapabilities` answers, at once. */
  capabilities(): readonly string[];
  activate(project: string): Promise<ReturnType<GatewayOwnerProtocol['activate']>>;
  snapshot(): unknown;
  /** Throws MF642 when the extension has no handover. */
  export(): Promise<ExportedExtension>;
  /** Instead of `init`, with what its former version exported. */
  adopt(exported: ExportedExtension): Promise<void>;
}

/** The state of an extension on its way to its next version. */
export interface ExportedExtension {
  readonly version: number;
  readonly state: unknown;
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
    async export() {
      const { version, export: exportState } = handoverOf(manifest, definition);
      return { version, state: await exportState(state) };
    },
    async adopt({ version, state: exported }) {
      state = await handoverOf(manifest, definition).adopt(context, exported, version);
      initialised = true;
    },
  };
}

function handoverOf(
  { id, version }: ExtensionManifest,
  { handover }: ExtensionDefinition<unknown>,
): ExtensionHandover<unknown> {
  if (handover !== undefined) return handover;
  throw new MagFlockError('MF642', `the extension ${id} ${version} has no handover`, {
    fix: 'restart it instead',
  });
}
