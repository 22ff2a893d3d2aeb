import type { AddressBlock } from '../../../runtime/protocol/sentinel.protocol.ts';
import { blockRange } from '../blocks/block-range.ts';

/** The blocks in force, as a CPU thread asks for them. */
export class ReplicaBlocks {
  private byAddress = new Map<string, AddressBlock[]>();

  /** @param blocks all there are; those of before are forgotten */
  replace(blocks: readonly AddressBlock[]): void {
    this.byAddress = new Map();
    for (const block of blocks) {
      const key = placeOf(block.project, block.address);
      const others = this.byAddress.get(key);
      if (others === undefined) this.byAddress.set(key, [block]);
      else others.push(block);
    }
  }

  /** One look-up, and none while nobody is blocked. */
  has(project: string, address: string): boolean {
    return this.byAddress.size > 0 && this.byAddress.has(placeOf(project, address));
  }

  /**
   * The block of this caller, the longest when there are several. One whose time is over does not count, even if the
   * owner is not there to lift it.
   * @param now milliseconds since the epoch
   */
  of(project: string, address: string, keyId: string | null, now: number): AddressBlock | undefined {
    let longest: AddressBlock | undefined;
    for (const block of this.byAddress.get(placeOf(project, address)) ?? []) {
      if (block.keyId !== keyId || Date.parse(block.until) <= now) continue;
      if (longest === undefined || block.until > longest.until) longest = block;
    }
    return longest;
  }
}

function placeOf(project: string, address: string): string {
  return `${project} ${blockRange(address)}`;
}
