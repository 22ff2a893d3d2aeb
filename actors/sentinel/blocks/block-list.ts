import type { AddressBlock, Incident } from '../../../runtime/protocol/sentinel.protocol.ts';
import { uuidV7 } from '../incidents/uuid-v7.ts';
import { blockRange } from './block-range.ts';
import { type BlockRules, decideBlock, type Offence } from './decide-block.ts';
import { OffenceBook } from './offence-book.ts';

/** A block with its length, which the next one of the same caller is measured by. */
export interface KeptBlock extends AddressBlock {
  readonly seconds: number;
}

/** All that the list knows, for a hot swap. */
export interface BlockListState {
  readonly blocks: readonly KeptBlock[];
  readonly offences: readonly (readonly [string, readonly Offence[]])[];
}

/** What an incident led to. `wouldBlock` in mode `simulate`: seconds of the block that was not made. */
export type BlockOutcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'blocked'; readonly block: KeptBlock }
  | { readonly kind: 'would-block'; readonly address: string; readonly seconds: number };

/** Blocks in force at most; the one that ends first gives way. What replicas hold and a delta carries is bounded by it. */
const mostBlocks = 10_000;
/** How long an ended block is remembered, milliseconds. */
const memoryMs = 24 * 3_600_000;
const mostIncidents = 20;
const none: BlockOutcome = { kind: 'none' };

/**
 * Blocked callers: project, address (IPv6: the /64) and key. In memory, without clock, timer or database: whoever
 * uses it hands in the time.
 */
export class BlockList {
  readonly #inForce = new Map<string, KeptBlock>();
  /** Ended ones of the last day; in the order of their end. */
  readonly #former = new Map<string, KeptBlock>();
  readonly #book: OffenceBook;
  readonly #most: number;

  constructor(book = new OffenceBook(), most = mostBlocks) {
    this.#book = book;
    this.#most = most;
  }

  get size(): number {
    return this.#inForce.size;
  }

  /** Takes over what another life of the list or the database knew. */
  load({ blocks, offences }: BlockListState, now: number): void {
    for (const block of blocks) {
      const until = Date.parse(block.until);
      const caller = callerOf(block);
      if (this.#inForce.has(caller)) continue;
      if (until > now) this.#inForce.set(caller, block);
      else if (now - until < memoryMs) this.#former.set(caller, block);
    }
    for (const [caller, list] of offences) this.#book.set(caller, list);
  }

  state(): BlockListState {
    return { blocks: [...this.#former.values(), ...this.#inForce.values()], offences: this.#book.entries() };
  }

  /** Blocks in force, the newest first. */
  list(project?: string): readonly KeptBlock[] {
    const all = [...this.#inForce.values()].reverse();
    return project === undefined ? all : all.filter((block) => block.project === project);
  }

  /** An incident has happened. */
  note(incident: Incident, rules: BlockRules, now: number): BlockOutcome {
    const address = blockRange(incident.address);
    const caller = callerOf({ ...incident, address });
    // What was on its way when the block was made.
    if (this.#inForce.has(caller)) return none;
    // What was only simulated must not lead to a block when the mode changes.
    const entry = incident.enforced ? caller : `simulated\n${caller}`;
    const { offences, seconds } = decideBlock(
      incident,
      this.#book.of(entry),
      formerOf(this.#former.get(caller)),
      rules,
      now,
    );
    this.#book.set(entry, seconds === null ? offences : []);
    if (seconds === null) return none;
    if (!incident.enforced) return { kind: 'would-block', address, seconds };
    const block: KeptBlock = {
      id: uuidV7(now),
      project: incident.project,
      address,
      keyId: incident.keyId,
      since: new Date(now).toISOString(),
      until: new Date(now + seconds * 1000).toISOString(),
      incidents: offences.slice(-mostIncidents).map((offence) => offence.incident),
      reason: `${offences.length} distinct blocked requests within ten minutes, the last by ${incident.agent} (${incident.signature})`,
      seconds,
    };
    this.#inForce.set(caller, block);
    this.#former.delete(caller);
    this.#makeRoom();
    return { kind: 'blocked', block };
  }

  /** Takes out the blocks whose time is over, and answers them. They count as former ones for a day. */
  expire(now: number): readonly KeptBlock[] {
    const ended: KeptBlock[] = [];
    for (const [caller, block] of this.#inForce) {
      if (Date.parse(block.until) > now) continue;
      ended.push(block);
      this.#inForce.delete(caller);
      this.#former.delete(caller);
      this.#former.set(caller, block);
    }
    for (const [caller, block] of this.#former) {
      if (now - Date.parse(block.until) < memoryMs && this.#former.size <= this.#most) break;
      this.#former.delete(caller);
    }
    return ended;
  }

  /** The block of this id, or all of this address. An IPv6 address finds the block of its /64. */
  find(target: string): readonly KeptBlock[] {
    const range = blockRange(target.trim());
    return this.list().filter(({ id, address }) => id === target.trim() || address === range);
  }

  /** Somebody has lifted it: it does not make a later one longer, either. */
  lift(block: AddressBlock): void {
    this.#inForce.delete(callerOf(block));
  }

  /** A project was removed; a later one of its name begins anew. */
  forgetProject(project: string): readonly KeptBlock[] {
    const gone = this.list(project);
    for (const block of gone) this.lift(block);
    for (const [caller, block] of this.#former) if (block.project === project) this.#former.delete(caller);
    return gone;
  }

  #makeRoom(): void {
    if (this.#inForce.size <= this.#most) return;
    let first: KeptBlock | undefined;
    for (const block of this.#inForce.values()) {
      if (first === undefined || block.until < first.until) first = block;
    }
    if (first !== undefined) this.#inForce.delete(callerOf(first));
  }
}

function callerOf({ project, address, keyId }: Pick<AddressBlock, 'project' | 'address' | 'keyId'>): string {
  return `${project}\n${address}\n${keyId ?? ''}`;
}

function formerOf(block: KeptBlock | undefined): { until: number; seconds: number } | undefined {
  return block === undefined ? undefined : { until: Date.parse(block.until), seconds: block.seconds };
}
