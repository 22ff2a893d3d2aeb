/**
 * The partition of a key. FNV-1a: it must never change, or the records of a key would be split.
 */
export function streamPartition(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % streamPartition.count;
}

/** Partitions of a stream: so many members of a group can work at the same time. */
streamPartition.count = 16;
