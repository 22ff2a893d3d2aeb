import type { Offence } from './decide-block.ts';

/**
 * Who has been refused lately, for what. Bounded against a flood of addresses: those that were not heard of for longest
 * are forgotten first.
 */
export class OffenceBook {
  readonly #callers = new Map<string, readonly Offence[]>();
  readonly #mostCallers: number;
  readonly #mostOffences: number;
  #offences = 0;

  /**
   * @param mostCallers how many are remembered
   * @param mostOffences of all callers together
   */
  constructor(mostCallers = 10_000, mostOffences = 50_000) {
    this.#mostCallers = mostCallers;
    this.#mostOffences = mostOffences;
  }

  get size(): number {
    return this.#callers.size;
  }

  of(caller: string): readonly Offence[] {
    return this.#callers.get(caller) ?? [];
  }

  /** Replaces what is known of a caller; nothing forgets it. */
  set(caller: string, offences: readonly Offence[]): void {
    this.#forget(caller);
    if (offences.length === 0) return;
    this.#callers.set(caller, offences);
    this.#offences += offences.length;
    for (const oldest of this.#callers.keys()) {
      if (this.#callers.size <= this.#mostCallers && this.#offences <= this.#mostOffences) return;
      this.#forget(oldest);
    }
  }

  /** For a hot swap. */
  entries(): readonly (readonly [string, readonly Offence[]])[] {
    return [...this.#callers];
  }

  #forget(caller: string): void {
    this.#offences -= this.of(caller).length;
    this.#callers.delete(caller);
  }
}
