import {
  defineExtension,
  type ExtensionContext,
  type ExtensionManifest,
} from '../../extensions/sdk/index.ts';

const manifest = {
  id: 'acme.shop',
  name: 'shop',
  version: '1.0.0',
  description: 'Sells lamps.',
  requiredComponents: [],
  permissions: [
    { capability: 'db.read', scope: ['orders'], reason: 'reads orders' },
    { capability: 'secrets.read', scope: ['token'], reason: 'signs in' },
    { capability: 'events.emit', scope: ['shop.sold'], reason: 'tells of sales' },
    { capability: 'cache', scope: ['*'], reason: 'is quick', optional: true },
  ],
  routes: [
    { method: 'GET', path: '/orders/:id/lines/:line' },
    { method: 'POST', path: '/orders' },
  ],
  events: ['storage.row.changed'],
  schedules: [{ name: 'nightly', cron: '0 3 * * *' }],
  config: {
    type: 'object',
    properties: {
      url: { type: 'string' },
      limit: { type: 'integer' },
      mode: { type: 'string', enum: ['fast', 'safe'] },
      hour: { type: 'integer', default: 8 },
    },
    required: ['url'],
  },
} as const satisfies ExtensionManifest;

declare const context: ExtensionContext<typeof manifest>;

const served = {
  events: { 'storage.row.changed': () => {} },
  schedules: { nightly: () => {} },
};

export const complete = defineExtension(manifest, {
  ...served,
  onStart: (given) => given.log.info(given.config.url),
  routes: {
    'GET /orders/:id/lines/:line': (request, given) => {
      request.params.line satisfies string;
      // @ts-expect-error: a route has the parameters of its path and no others
      request.params.name;
      given.requestId satisfies string | null;
      return { body: request.params.id };
    },
    'POST /orders': async ({ body }) => ({ status: 201, body }),
  },
});

export const inOneObject = defineExtension({
  manifest,
  onHealth: (given) => ({ status: 'ok', summary: given.extension.id }),
});

export const withoutARoute = defineExtension(manifest, {
  // @ts-expect-error: a route that the manifest declares has a handler
  routes: { 'POST /orders': () => ({}) },
});

export const withAnotherRoute = defineExtension(manifest, {
  routes: {
    'GET /orders/:id/lines/:line': () => ({}),
    'POST /orders': () => ({}),
    // @ts-expect-error: a handler serves a route of the manifest
    'GET /lamps': () => ({}),
  },
});

export const withAnotherEvent = defineExtension(manifest, {
  // @ts-expect-error: a handler listens to an event of the manifest
  events: { 'storage.row.lost': () => {} },
});

export const withAnotherSchedule = defineExtension(manifest, {
  // @ts-expect-error: a handler runs at a schedule of the manifest
  schedules: { daily: () => {} },
});

export const withoutAStatus = defineExtension(manifest, {
  // @ts-expect-error: a hook refuses with a status
  onBefore: () => ({ refuse: { message: 'no' } }),
});

export const withAStrangeAnswer = defineExtension(manifest, {
  // @ts-expect-error: a request is answered by a response
  onRequest: () => 'hello',
});

export async function capabilities(): Promise<void> {
  const { rows } = await context.db.read.query<{ total: number }>(
    'select total from orders where id = $1',
    [1],
  );
  rows[0]?.total satisfies number | undefined;
  // @ts-expect-error: a row has the columns it was said to have
  rows[0]?.price;
  await context.cache?.get('key');
  await context.secrets.read('token');
  await context.events.emit('shop.sold', { id: 1 });
  context.config.mode satisfies 'fast' | 'safe' | undefined;
  context.config.hour satisfies number;
  // @ts-expect-error: configuration that is not required may be absent
  context.config.limit satisfies number;
  await context.in('other').db.read.query('select 1');

  // @ts-expect-error: a permission that was not asked for is not there
  await context.db.write.query('delete from orders');
  // @ts-expect-error: nor is a member none of whose permissions were asked for
  await context.net.fetch('https://example.com');
  // @ts-expect-error: a permission that is optional may be absent
  await context.cache.get('key');
  // @ts-expect-error: a secret is one that the manifest names
  await context.secrets.read('password');
  // @ts-expect-error: an event that is sent is one that the manifest names
  await context.events.emit('shop.closed', null);
  // @ts-expect-error: configuration has the type of its schema
  context.config.limit satisfies string | undefined;
  // @ts-expect-error: configuration that is not in the schema is not there
  context.config.colour;
  // @ts-expect-error: another project gives no more than this one
  context.in('other').files;
}

const wide: ExtensionManifest = manifest;

export const untyped = defineExtension(wide, {
  // Without literal types everything may be there.
  onStart: async (given) => {
    await given.net.fetch('https://example.com');
    await given.db.write.query('select 1');
    await given.secrets.read('any');
  },
  routes: { 'GET /anything': () => ({ body: 'yes' }) },
});
