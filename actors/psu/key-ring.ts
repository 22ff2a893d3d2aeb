import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Identity, IdentityHandle } from '../../runtime/protocol/identity.protocol.ts';
import type { AuthenticationFacts, PsuReplica } from '../../runtime/protocol/psu.protocol.ts';
import { keyHash } from './key-hash.ts';
import type { KeyDelta, KeyRecord, KeySnapshot } from './key-record.ts';
import { parseKey } from './parse-key.ts';
import { presentedKey } from './presented-key.ts';
import { type SourceRanges, sourceRanges } from './source-ranges.ts';
import { bearerOf } from './tokens/bearer-of.ts';
import { bringsToken } from './tokens/brings-token.ts';
import { jwtPattern } from './tokens/jwt-pattern.ts';
import { type TokenDoor, TokenDoors } from './tokens/token-doors.ts';

interface RingEntry {
  readonly record: KeyRecord;
  readonly hash: Buffer;
  readonly identity: Identity;
  readonly handle: IdentityHandle;
  readonly sources: SourceRanges | null;
  /** A public key where tokens are asked for acts as the role that the project's settings say. */
  stranger: { readonly door: TokenDoor; readonly handle: IdentityHandle } | undefined;
  live: boolean;
}

/** What a handle stands for, and what must still be there for it to stand for anything. */
interface Held {
  readonly identity: Identity;
  readonly from: readonly { readonly live: boolean }[];
}

const remedy = 'Make a new key with: magflock key create';

/**
 * The keys of all projects in one CPU thread, and the only place that turns a key or a token into an identity.
 *
 * No key is cached by the presented text: the work is one SHA-256 of 100 bytes (about 3 µs in all), and a cache
 * would keep secrets in the heap and need its own invalidation.
 */
export class KeyRing implements PsuReplica {
  readonly #now: () => number;
  readonly #issuer: (project: string) => string;
  readonly #byId = new Map<string, RingEntry>();
  readonly #byHash = new Map<string, RingEntry>();
  readonly #doors: TokenDoors;
  #cursors: KeyObject | undefined;
  /** The hash that is being compared; one buffer for all, since this never awaits. */
  readonly #presented = Buffer.alloc(32);
  // What makes a handle a handle is being in here; nobody outside can put anything in. Those of tokens go with their
  // request.
  #handles = new WeakMap<IdentityHandle, Held>();

  /**
   * @param issuer base URL of a project, which is the issuer of its identities
   * @param now milliseconds since the epoch
   */
  constructor(issuer: (project: string) => string, now: () => number = Date.now) {
    this.#issuer = issuer;
    this.#now = now;
    this.#doors = new TokenDoors(issuer, now);
  }

  /** Forgets everything and takes the owner's whole state; handles given out before are void. */
  replace(snapshot: KeySnapshot): void {
    this.#byId.clear();
    this.#byHash.clear();
    this.#handles = new WeakMap();
    this.#doors.replace(snapshot.tokens ?? []);
    const { cursors } = snapshot;
    this.#cursors = cursors === undefined ? undefined : createSecretKey(Buffer.from(cursors, 'hex'));
    for (const record of snapshot.keys) this.#put(record);
  }

  apply(delta: KeyDelta): void {
    for (const id of delta.removed) this.#drop(id);
    for (const record of delta.upserted) {
      this.#drop(record.id);
      this.#put(record);
    }
    if (delta.tokens !== undefined) this.#doors.change(delta.tokens);
  }

  get size(): number {
    return this.#byId.size;
  }

  authenticate(facts: AuthenticationFacts): IdentityHandle {
    const { tokens = false } = facts;
    if (tokens === true || (tokens === 'else-key' && bringsToken(facts.headers)))
      return this.#authenticateWithTokens(facts);
    const presented = presentedKey(facts.headers);
    if (presented === undefined || presented === '') throw noKey();
    return this.#find(presented, facts).handle;
  }

  open(handle: IdentityHandle): Identity {
    // WeakMap#get answers undefined for anything that is not an object of ours, primitives included.
    const held = this.#handles.get(handle);
    if (held === undefined || !held.from.every(({ live }) => live)) {
      throw new MagFlockError('MF210', 'This identity handle was not made by the PSU, or its key is gone.');
    }
    return held.identity;
  }

  authorize(
    handle: IdentityHandle,
    operation: 'select' | 'insert' | 'update' | 'delete',
    table: string,
  ): void {
    const { scopes } = this.open(handle);
    if (scopes.operations !== undefined && !scopes.operations.includes(operation)) {
      throw outside(`The key may not ${operation}.`, { operation, allowed: scopes.operations });
    }
    if (scopes.tables !== undefined && !scopes.tables.includes(table)) {
      throw outside(`The key does not cover table ${table}.`, { table, allowed: scopes.tables });
    }
  }

  mac(_purpose: 'cursors', text: string): Buffer {
    if (this.#cursors === undefined) throw new MagFlockError('MF210', 'The PSU has no key for cursors yet.');
    return createHmac('sha256', this.#cursors).update(text).digest();
  }

  /** A key that is there has to be right; the bearer, where there is one, says who asks. */
  #authenticateWithTokens(facts: AuthenticationFacts): IdentityHandle {
    const { headers, project } = facts;
    const presented = presentedKey({ ...headers, authorization: '' });
    const door = this.#doors.of(project);
    // Supabase's first kind of key is a token that names a role; clients that have one send it in place of a key.
    const isToken = presented !== undefined && jwtPattern.test(presented);
    if (isToken) door.verifier.verify(presented);
    const key = presented === undefined || isToken ? undefined : this.#find(presented, facts);
    const bearer = bearerOf(headers) ?? (isToken ? presented : undefined);
    // Clients send the key as the bearer, too, while nobody is signed in.
    if (bearer?.startsWith('ak_')) {
      return this.#asKey(key !== undefined && bearer === presented ? key : this.#find(bearer, facts), facts);
    }
    if (bearer === undefined) {
      if (key === undefined) throw noKey();
      return this.#asKey(key, facts);
    }
    const { subject, ...whom } = door.verifier.verify(bearer);
    // Whoever makes tokens chooses the subject; ids of keys have no colon.
    const keyId = `user:${subject}`;
    const identity = Object.freeze({ ...whom, project, keyId, scopes: key?.record.scopes ?? {} });
    return this.#hold({ identity, from: key === undefined ? [door] : [door, key] });
  }

  #asKey(key: RingEntry, { tokens }: AuthenticationFacts): IdentityHandle {
    if (key.record.role !== 'anon' || tokens === 'else-key') return key.handle;
    if (key.stranger?.door.live !== true) {
      const door = this.#doors.of(key.record.project);
      const role = door.verifier.anonymous;
      const identity = Object.freeze({ ...key.identity, role, claims: JSON.stringify({ role }) });
      key.stranger = { door, handle: this.#hold({ identity, from: [door, key] }) };
    }
    return key.stranger.handle;
  }

  /** @throws MF202 to MF206 */
  #find(presented: string, facts: AuthenticationFacts): RingEntry {
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

  #hold(held: Held, handle: IdentityHandle = bareHandle()): IdentityHandle {
    this.#handles.set(handle, held);
    return handle;
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
    const { addresses } = record.scopes;
    const entry: RingEntry = {
      record,
      hash: Buffer.from(record.hash, 'hex'),
      identity,
      handle: bareHandle(),
      sources: addresses === undefined ? null : sourceRanges(addresses),
      stranger: undefined,
      live: true,
    };
    this.#byId.set(record.id, entry);
    this.#byHash.set(entry.hash.toString('binary'), entry);
    this.#hold({ identity, from: [entry] }, entry.handle);
  }

  #drop(id: string): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    this.#byId.delete(id);
    this.#byHash.delete(entry.hash.toString('binary'));
    // A handle given out before the revocation opens nothing any more.
    entry.live = false;
  }
}

function bareHandle(): IdentityHandle {
  return Object.freeze(Object.create(null)) as IdentityHandle;
}

function noKey(): MagFlockError {
  return new MagFlockError('MF201', 'This request has no key.', {
    fix: 'Send one as X-API-Key, apikey or Authorization: Bearer.',
  });
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
