import type { KeyInfo } from '../../protocol/psu.protocol.ts';
import type { AddressBlock } from '../../protocol/sentinel.protocol.ts';
import type { ControlClient } from '../control-client.ts';

/**
 * Keys of the simulation. An address is blocked together with the key it used, so honest requests have a key of their
 * own, and an attacker's key is changed before it leads to a block.
 */
export class TrialKeys {
  readonly #client: ControlClient;
  readonly #project: string;
  readonly #perKey: number;
  readonly #made: string[] = [];
  #attacker: (KeyInfo & { key: string }) | undefined;
  #used = 0;

  /** @param blockAfter the setting: incidents that block an address with its key; 0 never does */
  constructor(client: ControlClient, project: string, blockAfter: number) {
    this.#client = client;
    this.#project = project;
    this.#perKey = blockAfter === 0 ? Number.POSITIVE_INFINITY : Math.max(1, blockAfter - 1);
  }

  async make(): Promise<KeyInfo & { key: string }> {
    const path = `/keys?project=${encodeURIComponent(this.#project)}`;
    const made = await this.#client.ask<KeyInfo & { key: string }>('POST', path, {
      role: 'service_role',
      name: 'attack simulation',
      // Reading only, and not for long: should we be killed, little is left behind.
      scopes: { operations: ['select'], expiresAt: Date.now() + 300_000 },
    });
    this.#made.push(made.id);
    return made;
  }

  /** For one attack. */
  async attacker(): Promise<string> {
    if (this.#attacker === undefined || this.#used >= this.#perKey) {
      this.#attacker = await this.make();
      this.#used = 0;
    }
    this.#used += 1;
    return this.#attacker.key;
  }

  /** Blocks that keys of ours are part of. */
  async blocks(): Promise<readonly AddressBlock[]> {
    const path = `/sentinel/blocks?project=${encodeURIComponent(this.#project)}`;
    const all = await this.#client.ask<readonly AddressBlock[]>('GET', path);
    return all.filter(({ keyId }) => keyId !== null && this.#made.includes(keyId));
  }

  async liftBlocks(): Promise<void> {
    for (const { id } of await this.blocks()) {
      await this.#client.ask('POST', '/sentinel/unblock', { target: id });
    }
  }

  /** Leaves nothing behind: neither blocks nor keys. */
  async clear(): Promise<void> {
    await this.liftBlocks();
    for (const id of this.#made.splice(0)) {
      const path = `/keys/${encodeURIComponent(id)}?project=${encodeURIComponent(this.#project)}`;
      await this.#client.ask('DELETE', path);
    }
  }
}
