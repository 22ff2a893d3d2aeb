import { parentPort } from 'node:worker_threads';
import {
  type SchemaDelta,
  type SchemaSnapshot,
  SchemaStore,
} from '../../extensions/maggate/schema-cache/schema-store.ts';

/** A CPU thread as far as the schema cache sees it: takes what the owner publishes and compiles it. */
const store = new SchemaStore();

type Message = { readonly snapshot: SchemaSnapshot } | { readonly delta: SchemaDelta };

parentPort?.on('message', (message: Message) => {
  const began = performance.now();
  if ('snapshot' in message) store.applySnapshot(message.snapshot);
  else store.applyDelta(message.delta);
  // What the first request after it would do.
  store.get('main');
  store.data('main');
  const ref = 'delta' in message ? message.delta.project : (message.snapshot.catalogs[0]?.project ?? '');
  store.get(ref);
  const tables = store.data(ref)?.tables.size ?? 0;
  parentPort?.postMessage({ tables, busyMs: performance.now() - began });
});
