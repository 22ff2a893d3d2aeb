import { defineSlotExtension } from '../../extensions/sdk/gateway.ts';

/** An extension for tests that watches without having asked for it. */
export const extension = defineSlotExtension<null>({
  manifest: {
    id: 'test.greedy',
    name: 'greedy',
    version: '1.0.0',
    description: 'Uses what it did not ask for.',
    requiredComponents: [],
    permissions: [{ capability: 'catalog.read', scope: ['*'], reason: 'test' }],
  },
  async init(context) {
    await context.catalog.read('main');
    await context.catalog.watch('main', () => {});
    return null;
  },
});
