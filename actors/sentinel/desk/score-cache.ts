import { hash } from 'node:crypto';
import type { PatrolScore } from '../../../runtime/protocol/patrol.protocol.ts';

/** What the models said of a value, and on which surfaces that lets it through without a signature. */
export interface KnownScore extends PatrolScore {
  /** The version that judged. */
  readonly version: string;
  readonly shadowVersion: string | null;
  readonly clearsQuery: boolean;
  readonly clearsBody: boolean;
}

interface Generation {
  readonly short: Map<string, KnownScore>;
  /** By SHA-256. Apart from the short ones, so that no text can pass for the digest of another. */
  readonly long: Map<string, KnownScore>;
  bytes: number;
}

/** Longer texts are kept by their digest. */
const longestKey = 256;
/** Memory of an entry besides its text and reason, about. */
const overhead = 200;

/**
 * What the models said of values, for one pair of versions. Two generations: when the young one is full, by entries or
 * bytes, it becomes the old one; a flood of new values costs an insertion each and no more memory.
 */
export class ScoreCache {
  private readonly entries: number;
  private readonly bytes: number;
  private young: Generation = emptyGeneration();
  private old: Generation = emptyGeneration();

  /**
   * @param entries per generation
   * @param bytes per generation; at most twice as much is kept
   */
  constructor(entries = 4096, bytes = 2 ** 21) {
    this.entries = entries;
    this.bytes = bytes;
  }

  /** Entries of both generations. */
  get size(): number {
    const { young, old } = this;
    return young.short.size + young.long.size + old.short.size + old.long.size;
  }

  get(text: string): KnownScore | undefined {
    const kind = text.length > longestKey ? 'long' : 'short';
    const key = kind === 'long' ? digestOf(text) : text;
    const young = this.young[kind].get(key);
    if (young !== undefined) return young;
    const old = this.old[kind].get(key);
    if (old !== undefined) this.put(kind, key, old);
    return old;
  }

  set(text: string, score: KnownScore): void {
    if (text.length > longestKey) this.put('long', digestOf(text), score);
    // A copy: a slice would keep the whole query or body it was cut from in memory.
    else this.put('short', Buffer.from(text, 'utf16le').toString('utf16le'), score);
  }

  clear(): void {
    this.young = emptyGeneration();
    this.old = emptyGeneration();
  }

  private put(kind: 'short' | 'long', key: string, score: KnownScore): void {
    const { young } = this;
    if (young.short.size + young.long.size >= this.entries || young.bytes >= this.bytes) {
      this.old = young;
      this.young = emptyGeneration();
    }
    this.young.bytes += overhead + 2 * key.length + 2 * (score.reason?.read.length ?? 0);
    this.young[kind].set(key, score);
  }
}

function emptyGeneration(): Generation {
  return { short: new Map(), long: new Map(), bytes: 0 };
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64');
}
