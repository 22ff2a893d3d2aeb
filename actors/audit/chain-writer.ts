import type { KeyObject } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { canonicalJson } from './canonical-json.ts';
import { genesisHash, linkHash, linkSeal } from './chain-link.ts';
import type { ChainHead, ChainStore } from './chain-store.ts';
import { digestUuid } from './digest-uuid.ts';
import type { PendingEntry } from './pending-entry.ts';
import type { SealedRow } from './sealed-row.ts';

const attempts = 5;

interface ChainEnd {
  /** The head row as read or written last; what compare-and-set compares with. */
  readonly stored: ChainHead | null;
  /** What the next link follows. */
  readonly base: ChainHead;
}

/** Gives entries their place in the chain of their project, each exactly once. Projects do not wait for each other. */
export class ChainWriter {
  readonly #store: ChainStore;
  readonly #sealKey: KeyObject;
  readonly #sealed: (project: string, head: ChainHead, entries: number) => void;
  readonly #ends = new Map<string, ChainEnd>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** @param sealed called after each batch that is durable */
  constructor(
    store: ChainStore,
    sealKey: KeyObject,
    sealed: (project: string, head: ChainHead, entries: number) => void,
  ) {
    this.#store = store;
    this.#sealKey = sealKey;
    this.#sealed = sealed;
  }

  /**
   * Resolves when all entries are durable in the chain, whether now or by an earlier try.
   * @throws what Storage throws; calling again with the same entries is safe
   */
  append(project: string, entries: readonly PendingEntry[]): Promise<void> {
    const turn = (this.#turns.get(project) ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#append(project, entries));
    this.#turns.set(project, turn);
    const done = (): void => {
      if (this.#turns.get(project) === turn) this.#turns.delete(project);
    };
    turn.then(done, done);
    return turn;
  }

  async #append(project: string, entries: readonly PendingEntry[]): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      // The first try trusts that the entries are new; the unique index refuses the whole batch when one is not.
      const fresh = attempt === 1 ? entries : await this.#unknown(project, entries);
      if (fresh.length === 0) return;
      const end = this.#ends.get(project) ?? (await this.#readEnd(project));
      const links = this.#link(project, end.base, fresh);
      const last = links.at(-1)!;
      let appended = false;
      try {
        appended = await this.#store.append(project, end.stored, links);
      } catch (error) {
        this.#ends.delete(project);
        if (attempt > 1) throw error;
      }
      if (appended) {
        const head = { seq: last.seq, hash: last.hash };
        this.#ends.set(project, { stored: head, base: head });
        this.#sealed(project, head, links.length);
        return;
      }
      this.#ends.delete(project);
    }
    throw new MagFlockError(
      'MF503',
      `The audit chain of ${project} could not be moved in ${attempts} tries.`,
    );
  }

  async #unknown(project: string, entries: readonly PendingEntry[]): Promise<readonly PendingEntry[]> {
    const known = await this.#store.known(
      project,
      entries.map(({ id }) => id),
    );
    return entries.filter(({ id }) => !known.has(id));
  }

  async #readEnd(project: string): Promise<ChainEnd> {
    const { head, last } = await this.#store.head(project);
    const base = head ?? { seq: 0, hash: genesisHash };
    // A head row that was removed or set back must not stop the trail: it goes on after the last entry, and the
    // next link says so. A head beyond the last entry means entries were removed; the gap it leaves is the proof.
    if (last === null || last.seq <= base.seq) return { stored: head, base };
    const [note] = this.#link(project, last, [meddledHead(project, head, last)]);
    await this.#store.append(project, head, [note!]);
    return this.#readEnd(project);
  }

  #link(project: string, base: ChainHead, entries: readonly PendingEntry[]): readonly SealedRow[] {
    let { seq, hash } = base;
    return entries.map(({ id, kind, entry }) => {
      const link = { project, seq: seq + 1, previousHash: hash, entry };
      hash = linkHash(link);
      seq = link.seq;
      return { ...link, id, kind, hash, seal: linkSeal(this.#sealKey, hash) };
    });
  }
}

function meddledHead(project: string, head: ChainHead | null, last: ChainHead): PendingEntry {
  const id = digestUuid('audit.head.meddled', project, String(head?.seq ?? 0), last.hash);
  const kind = 'threat';
  const details = { headSeq: head?.seq ?? 0, lastSeq: last.seq };
  const at = new Date().toISOString();
  const fields = { v: 1, id, at, kind, project, action: 'audit.head.meddled', actor: 'unknown', details };
  return { id, kind, entry: canonicalJson(fields) };
}
