import { randomUUID } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CreateKeyRequest, KeyInfo } from '../../runtime/protocol/psu.protocol.ts';
import { type CheckedKeyRequest, checkKeyRequest } from './check-key-request.ts';
import { keyHash } from './key-hash.ts';
import { keyInfoOf } from './key-info-of.ts';
import type { KeyDelta, KeyRecord, KeySnapshot } from './key-record.ts';
import type { KeyStore } from './key-store.ts';
import { makeKey } from './make-key.ts';
import type { StoredKey } from './stored-key.ts';

type ShownKey = KeyInfo & { readonly key: string };

export interface KeyKeeperNeeds {
  readonly store: KeyStore;
  /** Resolves when every CPU thread has applied the change. */
  readonly publish: (delta: KeyDelta) => Promise<void>;
  readonly announce: (name: 'auth.key.created' | 'auth.key.revoked', key: StoredKey) => void;
  readonly now: () => number;
}

/**
 * Makes, lists, revokes and rotates keys. Order in every change: durable first, then the CPU threads, then the
 * answer. Changes run one after the other; reads do not wait for them.
 */
export class KeyKeeper {
  readonly #needs: KeyKeeperNeeds;
  readonly #keys = new Map<string, StoredKey>();
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(needs: KeyKeeperNeeds) {
    this.#needs = needs;
  }

  /** Takes all keys from the database; at start, before anything is answered. */
  async load(): Promise<void> {
    for (const key of await this.#needs.store.loadAll(this.#needs.now())) this.#keys.set(key.id, key);
  }

  /** Keys that are in no database: they live as long as the daemon, over hot swaps of this part, too. */
  get ephemeral(): readonly StoredKey[] {
    return [...this.#keys.values()].filter((key) => key.ephemeral);
  }

  adopt(ephemeral: readonly StoredKey[]): void {
    for (const key of ephemeral) this.#keys.set(key.id, key);
  }

  snapshot(): KeySnapshot {
    return { keys: [...this.#keys.values()].map(recordOf) };
  }

  get size(): number {
    return this.#keys.size;
  }

  create(request: CreateKeyRequest): Promise<ShownKey> {
    const checked = checkKeyRequest(request, this.#needs.now());
    return this.#change(async () => {
      await this.#needs.store.requireProject(checked.project);
      const [created] = await this.#add([this.#mint(checked)]);
      return created!;
    });
  }

  firstKeys(project: string): Promise<{ publicKey: ShownKey; secretKey: ShownKey } | null> {
    const now = this.#needs.now();
    const requests = [
      checkKeyRequest({ project, role: 'anon' }, now),
      checkKeyRequest({ project, role: 'service_role' }, now),
    ];
    return this.#change(async () => {
      if ((await this.#needs.store.list(project)).length > 0) return null;
      const [publicKey, secretKey] = await this.#add(requests.map((request) => this.#mint(request)));
      return { publicKey: publicKey!, secretKey: secretKey! };
    });
  }

  /** What the database has, and this daemon's ephemeral keys: every key that could act is shown. */
  async list(project: string): Promise<readonly KeyInfo[]> {
    const ephemeral = this.ephemeral.filter((key) => key.project === project);
    return [...(await this.#needs.store.list(project)), ...ephemeral].map(keyInfoOf);
  }

  /** Asking again is safe and pushes again; that is the remedy for MF209. */
  revoke(project: string, id: string): Promise<KeyInfo> {
    return this.#change(async () => {
      const key = await this.#find(project, id);
      const now = this.#needs.now();
      if (key.ephemeral) {
        this.#keys.delete(id);
        await this.#push({ upserted: [], removed: [id] });
        return keyInfoOf({ ...key, revokedAt: now });
      }
      const revoked = { ...key, revokedAt: Math.min(key.revokedAt ?? now, now) };
      const changed = await this.#needs.store.revoke(project, id, revoked.revokedAt);
      this.#keys.set(id, revoked);
      await this.#push({ upserted: [recordOf(revoked)], removed: [] });
      if (changed) this.#needs.announce('auth.key.revoked', revoked);
      return keyInfoOf(revoked);
    });
  }

  rotate(project: string, id: string, graceSeconds = 0): Promise<ShownKey> {
    if (!Number.isFinite(graceSeconds) || graceSeconds < 0 || graceSeconds > 31_536_000) {
      throw new MagFlockError('MF208', 'graceSeconds: 0 to 31,536,000 (a year) are possible', {
        details: { field: 'graceSeconds' },
      });
    }
    return this.#change(async () => {
      const old = await this.#find(project, id);
      const now = this.#needs.now();
      if (old.revokedAt !== null) {
        throw new MagFlockError('MF208', `id: key ${id} is revoked already`, {
          details: { field: 'id' },
          fix: 'Make a new key with: magflock key create',
        });
      }
      const fresh = this.#mint(old);
      const ended = { ...old, revokedAt: now + Math.round(graceSeconds * 1000) };
      if (!old.ephemeral) await this.#needs.store.replace(old, ended.revokedAt, fresh.stored);
      this.#keys.set(id, ended);
      this.#keys.set(fresh.stored.id, fresh.stored);
      try {
        await this.#push({ upserted: [recordOf(ended), recordOf(fresh.stored)], removed: [] });
      } catch (error) {
        // The old key stays ended: who rotates after a leak must not find it at work again.
        await this.#withdraw([fresh]);
        throw error;
      }
      this.#needs.announce('auth.key.created', fresh.stored);
      this.#needs.announce('auth.key.revoked', ended);
      return { ...keyInfoOf(fresh.stored), key: fresh.key };
    });
  }

  /**
   * A project was made or removed. The database removes keys with their project; what it has left counts, in
   * whatever order the news comes.
   */
  reload(project: string): Promise<void> {
    return this.#change(async () => {
      const stored = await this.#needs.store.list(project);
      const kept = new Set(stored.map(({ id }) => id));
      const gone = [...this.#keys.values()].filter((key) => key.project === project && !kept.has(key.id));
      for (const { id } of gone) this.#keys.delete(id);
      for (const key of stored) this.#keys.set(key.id, key);
      await this.#push({ upserted: stored.map(recordOf), removed: gone.map(({ id }) => id) });
    });
  }

  async #add(minted: readonly MintedKey[]): Promise<readonly ShownKey[]> {
    const durable = minted.map(({ stored }) => stored).filter((stored) => !stored.ephemeral);
    if (durable.length > 0) await this.#needs.store.insert(durable);
    for (const { stored } of minted) this.#keys.set(stored.id, stored);
    try {
      await this.#push({ upserted: minted.map(({ stored }) => recordOf(stored)), removed: [] });
    } catch (error) {
      await this.#withdraw(minted);
      throw error;
    }
    for (const { stored } of minted) this.#needs.announce('auth.key.created', stored);
    return minted.map(({ stored, key }) => ({ ...keyInfoOf(stored), key }));
  }

  /** The caller gets an error and never sees these keys, so they must not live on. */
  async #withdraw(minted: readonly MintedKey[]): Promise<void> {
    const now = this.#needs.now();
    for (const { stored } of minted) {
      this.#keys.delete(stored.id);
      // When this fails too the key is in the database, but nobody was ever told it.
      if (!stored.ephemeral) await this.#needs.store.revoke(stored.project, stored.id, now).catch(() => {});
    }
    await this.#push({ upserted: [], removed: minted.map(({ stored }) => stored.id) }).catch(() => {});
  }

  #mint(request: Omit<CheckedKeyRequest, 'kind'>): MintedKey {
    const key = makeKey(request.role === 'anon' ? 'public' : 'secret', request.project);
    const stored: StoredKey = {
      id: randomUUID(),
      project: request.project,
      role: request.role,
      name: request.name,
      hash: Buffer.from(keyHash(key), 'binary').toString('hex'),
      publicKey: request.role === 'anon' ? key : null,
      shown: request.role === 'anon' ? key : `…${key.slice(-4)}`,
      scopes: request.scopes,
      createdAt: this.#needs.now(),
      revokedAt: null,
      ephemeral: request.ephemeral,
    };
    return { stored, key };
  }

  async #find(project: string, id: string): Promise<StoredKey> {
    const known = this.#keys.get(id);
    if (known?.project === project) return known;
    const stored = (await this.#needs.store.list(project)).find((key) => key.id === id);
    if (stored !== undefined) return stored;
    throw new MagFlockError('MF207', `Project ${project} has no key ${id}.`, {
      fix: `magflock key list --project ${project} shows them.`,
    });
  }

  async #push(delta: KeyDelta): Promise<void> {
    try {
      await this.#needs.publish(delta);
    } catch (cause) {
      throw new MagFlockError('MF209', 'Not every CPU thread has confirmed the change of the key.', {
        cause,
        fix: 'Threads that do not answer are restarted and read all keys again. Run the command once more.',
      });
    }
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(work);
    this.#lastChange = result.catch(() => {});
    return result;
  }
}

interface MintedKey {
  readonly stored: StoredKey;
  readonly key: string;
}

function recordOf(key: StoredKey): KeyRecord {
  const { id, project, role, hash, scopes, revokedAt } = key;
  return { id, project, role, hash, scopes, revokedAt };
}
