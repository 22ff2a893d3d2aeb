import { timingSafeEqual } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Identity, IdentityHandle } from '../../runtime/protocol/identity.protocol.ts';
import type { AuthenticationFacts, PsuReplica } from '../../runtime/protocol/psu.protocol.ts';
import { keyHash } from './key-hash.ts';
import type { KeyDelta, KeyRecord, KeySnapshot } from './key-record.ts';
import { parseKey } from './parse-key.ts';
import { presentedKey } from './presented-key.ts';
import { type SourceRanges, sourceRanges } from './source-ranges.ts';

interface RingEntry {
  readonly record: KeyRecord;
  readonly hash: Buffer;
  readonly identity: Identity;
  readonly handle: IdentityHandle;
  readonly sources: SourceRanges | null;
}

const remedy = 'Make a new key with: magflock key create';

/**
 * The keys of all projects in one CPU thread, and the only place that turns a key into an identity.
 *
 * Nothing is cached by the presented text: the work is one SHA-256 of 100 bytes (about 3 µs in all), and a cache
 * would keep secrets in the heap and need its own invalidation.
 */
export class KeyRing implements PsuReplica {
  readonly #now: () => number;
  readonly #issuer: (project: string) => string;
  readonly #byId = new Map<string, RingEntry>();
  readonly #byHash = new Map<string, RingEntry>();
  /** The hash that is being compared; one buffer for all, since this never awaits. */
  readonly #presented = Buffer.alloc(32);
  // What makes a handle a handle is being in here; nobody outside can put anything in.
  #handles = new WeakMap<IdentityHandle, RingEntry>();

  /**
   * @param issuer base URL of a project, which is the issuer of its identities
   * @param now milliseconds since the epoch
   */
  constructor(issuer: (project: string) => string, now: () => number = Date.now) {
    this.#issuer = issuer;
    this.#now = now;
  }

  /** Forgets everything and takes the owner's whole state; handles given out before are void. */
  replace(snapshot: KeySnapshot): void {
    this.#byId.clear();
    this.#byHash.clear();
    this.#handles = new WeakMap();
    for (const record of snapshot.keys) this.#put(record);
  }

  apply(delta: KeyDelta): void {
    for (const id of delta.removed) this.#drop(id);
    for (const record of delta.upserted) {
      this.#drop(record.id);
      this.#put(record);
    }
  }

  get size(): number {
    return this.#byId.size;
  }

  authenticate(facts: AuthenticationFacts): IdentityHandle {
    const presented = presentedKey(facts.headers);
    if (presented === undefined || presented === '') {
      throw new MagFlockError('MF201', 'This request has no key.', {
        fix: 'Send one as X-API-Key, apikey or Authorization: Bearer.',
      });
    }
    const parsed = parseKey(presented);
    if (parsed.problem !== null) throw notAKey(parsed.problem);
    if (parsed.project !== facts.project) throw otherProject(parsed.project, facts.project);

    const digest = keyHash(presented);
    const entry = this.#byHash.get(digest);
    // The map finds by hash, which tells an attacker nothing about a key; the comparison that decides is in
    // constant time all the same.
    this.#presented.write(digest, 'binary');
    if (entry === undefined || !timingSafeEqual(this.#presented, entry.hash)) {
      throw new MagFlockError('MF202', `No key of project ${facts.project} is this one.`, { fix: remedy });
    }
    if (entry.record.project !== facts.project) throw otherProject(entry.record.project, facts.project);
    this.#refuseEnded(entry.record);
    if (entry.sources !== null && !entry.sources.includes(facts.address)) {
      throw outside(`The key may not be used from ${facts.address}.`, { address: facts.address });
    }
    return entry.handle;
  }

  open(handle: IdentityHandle): Identity {
    return this.#entry(handle).identity;
  }

  authorize(
    handle: IdentityHandle,
    operation: 'select' | 'insert' | 'update' | 'delete',
    table: string,
  ): void {
    const { scopes } = this.#entry(handle).record;
    if (scopes.operations !== undefined && !scopes.operations.includes(operation)) {
      throw outside(`The key may not ${operation}.`, { operation, allowed: scopes.operations });
    }
    if (scopes.tables !== undefined && !scopes.tables.includes(table)) {
      throw outside(`The key does not cover table ${table}.`, { table, allowed: scopes.tables });
    }
  }

  #entry(handle: IdentityHandle): RingEntry {
    // WeakMap#get answers undefined for anything that is not an object of ours, primitives included.
    const entry = this.#handles.get(handle);
    if (entry === undefined) {
      throw new MagFlockError('MF210', 'This identity handle was not made by the PSU, or its key is gone.');
    }
    return entry;
  }

  #refuseEnded(record: KeyRecord): void {
    const now = this.#now();
    if (record.revokedAt !== null && now >= record.revokedAt) {
      throw new MagFlockError(
        'MF204',
        `The key was revoked at ${new Date(record.revokedAt).toISOString()}.`,
        {
          fix: remedy,
        },
      );
    }
    if (record.scopes.expiresAt !== undefined && now >= record.scopes.expiresAt) {
      const at = new Date(record.scopes.expiresAt).toISOString();
      throw new MagFlockError('MF204', `The key expired at ${at}.`, { fix: remedy });
    }
  }

  #put(record: KeyRecord): void {
    const claims = { role: record.role, iss: this.#issuer(record.project), ref: record.project };
    const identity: Identity = Object.freeze({
      project: record.project,
      role: record.role,
      claims: JSON.stringify({ ...claims, key_id: record.id }),
      isAnonymous: record.role === 'anon',
      keyId: record.id,
      scopes: record.scopes,
    });
    const handle = Object.freeze(Object.create(null)) as IdentityHandle;
    const { addresses } = record.scopes;
    const entry: RingEntry = {
      record,
      hash: Buffer.from(record.hash, 'hex'),
      identity,
      handle,
      sources: addresses === undefined ? null : sourceRanges(addresses),
    };
    this.#byId.set(record.id, entry);
    this.#byHash.set(entry.hash.toString('binary'), entry);
    this.#handles.set(handle, entry);
  }

  #drop(id: string): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    this.#byId.delete(id);
    this.#byHash.delete(entry.hash.toString('binary'));
    // A handle given out before the revocation opens nothing any more.
    this.#handles.delete(entry.handle);
  }
}

function notAKey(problem: 'mistyped' | 'foreign'): MagFlockError {
  return problem === 'mistyped'
    ? new MagFlockError('MF203', 'The key is mistyped: its checksum does not fit.', {
        fix: 'Copy the whole key again, from ak_ to its last character.',
      })
    : new MagFlockError('MF202', 'This is not a MagFlock key.', {
        fix: 'A key begins with ak_pub_ or ak_sec_. List them with: magflock key list',
      });
}

function otherProject(key: string, asked: string): MagFlockError {
  return new MagFlockError('MF205', `The key belongs to project ${key}, the address to project ${asked}.`, {
    fix: `Use the base URL /p/${key}, or a key of project ${asked}.`,
  });
}

function outside(message: string, details: Readonly<Record<string, unknown>>): MagFlockError {
  return new MagFlockError('MF206', message, {
    details,
    fix: 'Use a key whose scope covers this. magflock key list shows the scopes.',
  });
}
