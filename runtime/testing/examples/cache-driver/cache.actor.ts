import { serialize } from 'node:v8';
import type { ActorContext } from '../../../actor/actor-context.ts';
import { defineActor } from '../../../actor/define-actor.ts';
import { MagFlockError } from '../../../errors/magflock-error.ts';

export interface CacheArgs {
  /** Bytes of all values together; what was not read for longest makes room. */
  readonly maxBytes: number;
  /** Milliseconds an entry lives when `set` does not say; default for ever. */
  readonly ttlMs?: number;
}

/** All that others know of the cache; they get a ref with `context.ref<CacheProtocol>('/cache')`. */
export interface CacheProtocol {
  get(key: string): unknown;
  set(entry: { readonly key: string; readonly value: unknown; readonly ttlMs?: number }): void;
  delete(key: string): boolean;
  stats(request: null): CacheStats;
}

export interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly evicted: number;
}

interface Entry {
  readonly value: unknown;
  readonly bytes: number;
  readonly cancelExpiry: () => void;
}

interface Cache {
  readonly context: ActorContext;
  readonly args: CacheArgs;
  /** A Map keeps the order of insertion: what is read goes to its end, so its first entry was not read for longest. */
  readonly entries: Map<string, Entry>;
  bytes: number;
  hits: number;
  misses: number;
  evicted: number;
}

export const actor = defineActor<Cache, CacheProtocol, CacheArgs>({
  name: 'cache',
  version: '1.0.0',
  // Nothing in it that cannot be had again: a new version may begin empty.
  handover: 'stateless',
  init(context, args) {
    if (!(args.maxBytes > 0)) throw new MagFlockError('MF608', 'cache.args.maxBytes must be more than 0');
    return { context, args, entries: new Map(), bytes: 0, hits: 0, misses: 0, evicted: 0 };
  },
  healthCheck: ({ bytes, args }) => ({
    status: 'ok',
    summary: `${bytes} of ${args.maxBytes} bytes in use`,
  }),
  getCapabilities: ({ args }) => [`holds ${args.maxBytes} bytes`],
  methods: {
    get(cache, key) {
      const entry = cache.entries.get(key);
      if (entry === undefined) {
        cache.misses += 1;
        return undefined;
      }
      cache.hits += 1;
      cache.entries.delete(key);
      cache.entries.set(key, entry);
      return entry.value;
    },
    set(cache, { key, value, ttlMs = cache.args.ttlMs }) {
      const bytes = serialize(value).byteLength;
      const { maxBytes } = cache.args;
      remove(cache, key);
      if (bytes > maxBytes) {
        throw new MagFlockError('MF603', `${key} has ${bytes} bytes, the cache takes ${maxBytes} in all`);
      }
      // A timer of the context ends with the actor, and runs between its messages.
      const cancelExpiry =
        ttlMs === undefined ? () => {} : cache.context.timers.after(ttlMs, () => void remove(cache, key));
      cache.entries.set(key, { value, bytes, cancelExpiry });
      cache.bytes += bytes;
      makeRoom(cache);
    },
    delete: remove,
    stats: ({ entries, bytes, hits, misses, evicted }) => ({
      entries: entries.size,
      bytes,
      hits,
      misses,
      evicted,
    }),
  },
});

function makeRoom(cache: Cache): void {
  for (const key of cache.entries.keys()) {
    if (cache.bytes <= cache.args.maxBytes) return;
    remove(cache, key);
    cache.evicted += 1;
  }
}

function remove(cache: Cache, key: string): boolean {
  const entry = cache.entries.get(key);
  if (entry === undefined) return false;
  entry.cancelExpiry();
  cache.entries.delete(key);
  cache.bytes -= entry.bytes;
  return true;
}
