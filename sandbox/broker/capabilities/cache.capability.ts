import { LRUCache } from 'lru-cache';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Capability, CapabilityCall } from '../capability.ts';

const mostEntries = 1_000;
const mostBytes = 4 * 1024 * 1024;
const mostKey = 256;
const defaultSeconds = 3_600;
const mostSeconds = 7 * 24 * 3_600;
/** Of an entry besides key and value. */
const overhead = 64;

/**
 * `cache`: values in the part's memory, per extension and project, so that no key of one tenant can be named by
 * another. Bounded: the least recently used go first. Values are kept as JSON text and come back as copies.
 */
export function cacheCapability(): Capability {
  /** Extension, then project: two maps, since a joined key could be forged. */
  const extensions = new Map<string, Map<string, LRUCache<string, string>>>();

  function cacheOf({ extension, project }: CapabilityCall): LRUCache<string, string> {
    let projects = extensions.get(extension);
    if (projects === undefined) {
      projects = new Map();
      extensions.set(extension, projects);
    }
    let cache = projects.get(project);
    if (cache === undefined) {
      cache = new LRUCache<string, string>({
        max: mostEntries,
        maxSize: mostBytes,
        sizeCalculation: (value, key) => 2 * (value.length + key.length) + overhead,
        // Looks at the clock at each use: nothing is kept alive by it.
        ttlResolution: 0,
      });
      projects.set(project, cache);
    }
    return cache;
  }

  async function get(call: CapabilityCall): Promise<unknown> {
    const found = cacheOf(call).get(keyOf(call));
    return found === undefined ? null : JSON.parse(found);
  }

  async function set(call: CapabilityCall): Promise<{ readonly kept: boolean }> {
    const key = keyOf(call);
    const text = JSON.stringify(call.args[1] ?? null);
    const cache = cacheOf(call);
    cache.set(key, text, { ttl: secondsOf(call.args[2]) * 1_000 });
    return { kept: cache.has(key) };
  }

  async function remove(call: CapabilityCall): Promise<{ readonly removed: boolean }> {
    return { removed: cacheOf(call).delete(keyOf(call)) };
  }

  return {
    name: 'cache',
    methods: { get, set, delete: remove },
    async release(extension) {
      extensions.delete(extension);
    },
  };
}

function keyOf({ args: [key] }: CapabilityCall): string {
  if (typeof key === 'string' && key.length > 0 && key.length <= mostKey) return key;
  throw new MagFlockError('MF422', `A key of the cache is text of 1 to ${mostKey} characters.`);
}

function secondsOf(options: unknown): number {
  const given: unknown =
    typeof options === 'object' && options !== null && Object.hasOwn(options, 'ttlSeconds')
      ? (options as { ttlSeconds: unknown }).ttlSeconds
      : undefined;
  if (given === undefined) return defaultSeconds;
  if (typeof given === 'number' && given > 0 && given <= mostSeconds) return given;
  throw new MagFlockError('MF422', `ttlSeconds is a number of at most ${mostSeconds}.`);
}
