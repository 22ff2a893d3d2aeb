import { LRUCache } from 'lru-cache';

/** The cache of the kernel. What is in it may be gone at any time. */
export interface Cache {
  get(key: string): unknown;
  /** @param ttlMs milliseconds it may live; without it until there is no room */
  set(key: string, value: unknown, options?: { readonly ttlMs?: number; readonly bytes?: number }): void;
  delete(key: string): void;
  clear(): void;
  readonly bytes: number;
  readonly entries: number;
}

/**
 * The default: in this process, least recently used first out.
 * @param options `maxBytes` for all entries together
 * @param estimate bytes of a value whose size the caller does not know
 */
export function createMemoryCache(
  options: { readonly maxBytes: number },
  estimate: (value: unknown) => number,
): Cache {
  const entries = new LRUCache<string, { readonly value: unknown; readonly bytes: number }>({
    maxSize: options.maxBytes,
    sizeCalculation: ({ bytes }, key) => Math.max(1, bytes + key.length * 2),
  });
  return {
    get: (key) => entries.get(key)?.value,
    set(key, value, { ttlMs, bytes = estimate(value) } = {}) {
      entries.set(key, { value, bytes }, ttlMs === undefined ? {} : { ttl: ttlMs });
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    get bytes() {
      return entries.calculatedSize;
    },
    get entries() {
      return entries.size;
    },
  };
}
