import type { AuditReplica } from '../../runtime/protocol/audit.protocol.ts';

export type KeyRefusal = Parameters<AuditReplica['keyRefused']>[0];

export interface KeyRefusalsNeeds {
  /** `count` refusals of this source since it was told last. */
  readonly tell: (refusal: KeyRefusal, count: number) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Source {
  readonly refusal: KeyRefusal;
  count: number;
  windowMs: number;
  tellAt: number;
}

const sourcesKept = 10_000;
const namedPerSecond = 100;
const longestWindowMs = 60_000;

/**
 * Counts refused keys by project, address and code, so that an attack makes a few audit entries and not one per try.
 * The first of a source is told at once, then its counts after 1, 2, 4 … 60 seconds while it goes on. When more than
 * 100 sources a second would be named, or more than 10,000 are at it, the rest is told as one count per code.
 */
export class KeyRefusals {
  readonly #needs: KeyRefusalsNeeds;
  readonly #sources = new Map<string, Source>();
  readonly #unnamed = new Map<string, number>();
  #named = 0;

  constructor(needs: KeyRefusalsNeeds) {
    this.#needs = needs;
  }

  count(refusal: KeyRefusal): void {
    const key = `${refusal.project}\n${refusal.address}\n${refusal.code}`;
    const known = this.#sources.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    if (this.#sources.size >= sourcesKept) {
      this.#addUnnamed(refusal.code, 1);
      return;
    }
    this.#sources.set(key, { refusal, count: 0, windowMs: 1000, tellAt: this.#needs.now() + 1000 });
    this.#tell(refusal, 1);
  }

  /** To be called about once a second. */
  tick(): void {
    this.#named = 0;
    const now = this.#needs.now();
    for (const [key, source] of this.#sources) {
      if (now < source.tellAt) continue;
      if (source.count === 0) {
        this.#sources.delete(key);
        continue;
      }
      this.#tell(source.refusal, source.count);
      source.count = 0;
      source.windowMs = Math.min(longestWindowMs, source.windowMs * 2);
      source.tellAt = now + source.windowMs;
    }
    this.#tellUnnamed();
  }

  /** Tells all that is counted, whatever its window. */
  flush(): void {
    this.#named = 0;
    for (const { refusal, count } of this.#sources.values()) if (count > 0) this.#tell(refusal, count);
    this.#tellUnnamed();
    this.#sources.clear();
  }

  get size(): number {
    return this.#sources.size;
  }

  #tell(refusal: KeyRefusal, count: number): void {
    if (this.#named >= namedPerSecond) {
      this.#addUnnamed(refusal.code, count);
      return;
    }
    this.#named++;
    this.#needs.tell(refusal, count);
  }

  #addUnnamed(code: string, count: number): void {
    this.#unnamed.set(code, (this.#unnamed.get(code) ?? 0) + count);
  }

  #tellUnnamed(): void {
    for (const [code, count] of this.#unnamed) {
      this.#needs.tell({ project: 'system', address: 'many', code }, count);
    }
    this.#unnamed.clear();
  }
}
