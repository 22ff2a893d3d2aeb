import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { ExtensionContext, ExtensionDefinition } from '../../runtime/protocol/extension.protocol.ts';
import type { GatewayOwnerProtocol } from '../../runtime/protocol/gateway-owner.protocol.ts';
import { createBroker } from '../broker/broker.ts';
import { catalogCapability } from '../broker/capabilities/catalog.capability.ts';
import { validateManifest } from '../package/validate-manifest.ts';
import { catalogSource } from './catalog-source.ts';
import { extensionLog } from './extension-log.ts';
import { loadExport } from './load-export.ts';
import type { SlotArguments } from './slot-arguments.ts';
import { type ExportedExtension, type SlottedExtension, slotExtension } from './slotted-extension.ts';

interface SlotState {
  readonly extension: SlottedExtension;
  readonly context: ActorContext;
}

/**
 * A PCIe slot: hosts the owner side of one SDK extension in its own thread. The extension gets a context of
 * capabilities and nothing else of the machine.
 */
export const actor = defineActor<SlotState, GatewayOwnerProtocol, SlotArguments>({
  name: 'slot',
  version: '0.1.0',
  // Activating a project waits for Storage; others need not wait for it.
  concurrency: 64,
  async init(context, args) {
    const extension = await insert(context, args);
    if (args.install === true) await extension.install();
    await extension.init();
    return { extension, context };
  },
  handover: {
    version: 1,
    export: ({ extension }) => extension.export(),
    async adopt(context, exported, _fromVersion, args) {
      const extension = await insert(context, args);
      await extension.adopt(exported as ExportedExtension);
      return { extension, context };
    },
  },
  async start({ extension, context }) {
    await extension.start();
    context.events.emit('extension.started', { id: extension.id, version: extension.version });
  },
  stop: ({ extension }) => extension.stop(),
  healthCheck: ({ extension }) => extension.healthCheck(),
  getCapabilities: ({ extension }) => extension.capabilities(),
  snapshot: ({ extension }) => extension.snapshot(),
  methods: {
    activate: ({ extension }, { project }) => extension.activate(project),
  },
});

/** Loads the extension and gives it what it was granted. */
async function insert(context: ActorContext, args: SlotArguments): Promise<SlottedExtension> {
  const definition = (await loadExport(args.module, 'extension')) as ExtensionDefinition<unknown>;
  const manifest = validateManifest(definition.manifest, args.module);
  const broker = createBroker({
    id: manifest.id,
    requested: manifest.permissions,
    granted: args.grants,
    denied: (facts) => context.events.emit('extension.capability.denied', facts),
  });
  const offered: ExtensionContext = {
    log: extensionLog(context.log),
    config: Object.freeze({ ...args.config }),
    catalog: catalogCapability(broker, catalogSource(context)),
    publish: (delta, options) => context.publish(delta, options),
  };
  return slotExtension(manifest, definition, offered);
}
