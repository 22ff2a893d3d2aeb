import { defineSlotExtension } from '../../extensions/sdk/gateway.ts';

/** An extension for tests that publishes each step of its life. */
export const extension = defineSlotExtension<null>({
  manifest: {
    id: 'test.announcing',
    name: 'announcing',
    version: '1.0.0',
    description: 'Says what happens to it.',
    requiredComponents: [],
    permissions: [],
  },
  install: (context) => context.publish('install'),
  async init(context) {
    await context.publish('init');
    return null;
  },
});
