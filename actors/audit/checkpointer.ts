import { genesisHash } from './chain-link.ts';
import type { ChainStore } from './chain-store.ts';
import {
  type Checkpoint,
  checkpointHash,
  checkpointLine,
  checkpointText,
  parseCheckpoint,
  type SignedCheckpoint,
} from './checkpoint.ts';
import { CheckpointFile } from './checkpoint-file.ts';

export interface CheckpointerNeeds {
  readonly store: ChainStore;
  /** Folder of the exported files. */
  readonly folder: string;
  readonly sign: (text: string) => Promise<{ readonly signature: string; readonly keyId: string }>;
  readonly isAuthentic: (signed: SignedCheckpoint) => Promise<boolean>;
  readonly now: () => number;
}

export interface WrittenCheckpoint {
  readonly seq: number;
  readonly file: string;
  readonly fresh: boolean;
}

interface LastCheckpoint {
  readonly seq: number;
  readonly lineHash: string;
}

/** Signs the ends of chains and exports them. Order: file and disk first, then the copy in the database. */
export class Checkpointer {
  readonly #needs: CheckpointerNeeds;
  readonly #last = new Map<string, LastCheckpoint>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(needs: CheckpointerNeeds) {
    this.#needs = needs;
  }

  /**
   * Writes a checkpoint when the chain has moved since the last one.
   * @returns the entry that is covered now (0: the chain is empty), the file, and whether a line was added to it
   */
  write(project: string): Promise<WrittenCheckpoint> {
    const turn = (this.#turns.get(project) ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#write(project));
    this.#turns.set(project, turn);
    const done = (): void => {
      if (this.#turns.get(project) === turn) this.#turns.delete(project);
    };
    turn.then(done, done);
    return turn;
  }

  async #write(project: string): Promise<WrittenCheckpoint> {
    const { store, folder, sign, now } = this.#needs;
    const file = new CheckpointFile(folder, project);
    const { head } = await store.head(project);
    const last = this.#last.get(project) ?? (await this.#readLast(project, file));
    this.#last.set(project, last);
    if (head === null || head.seq <= last.seq) return { seq: last.seq, file: file.path, fresh: false };
    const at = new Date(now()).toISOString();
    const checkpoint: Checkpoint = {
      v: 1,
      project,
      seq: head.seq,
      hash: head.hash,
      at,
      previous: last.lineHash,
    };
    const line = checkpointLine({ checkpoint, ...(await sign(checkpointText(checkpoint))) });
    await file.append(line);
    this.#last.set(project, { seq: head.seq, lineHash: checkpointHash(line) });
    await store.saveCheckpoints(project, [{ seq: head.seq, line }]);
    return { seq: head.seq, file: file.path, fresh: true };
  }

  /**
   * After a start: the later of what the file and the database have. Only what is really signed counts, or one
   * forged line with a high number would end all checkpoints.
   */
  async #readLast(project: string, file: CheckpointFile): Promise<LastCheckpoint> {
    const fromFile = await file.last();
    const stored = await this.#needs.store.newestCheckpoints(project, 100);
    const lines = [...(fromFile === null ? [] : [fromFile]), ...stored.map(({ line }) => line)];
    let last: LastCheckpoint = { seq: 0, lineHash: genesisHash };
    for (const line of lines) {
      const signed = parseCheckpoint(line);
      if (signed === null || signed.checkpoint.seq <= last.seq) continue;
      if (signed.checkpoint.project !== project || !(await this.#needs.isAuthentic(signed))) continue;
      last = { seq: signed.checkpoint.seq, lineHash: checkpointHash(line) };
    }
    return last;
  }
}
