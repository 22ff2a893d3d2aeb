import type { VerifyFinding } from '../../runtime/protocol/audit.protocol.ts';
import { genesisHash } from './chain-link.ts';
import type { ChainStore, StoredCheckpoint } from './chain-store.ts';
import { checkpointHash, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import type { CheckpointKeys } from './checkpoint-keys.ts';

export interface VerifyCheckpointsNeeds {
  readonly store: ChainStore;
  readonly keys: CheckpointKeys;
  readonly folder: string;
  readonly signal?: AbortSignal;
}

const batchLines = 500;
const namedFindings = 100;

/**
 * Checks the exported file of a project: every line signed by us, every line naming the one before it, none of those
 * the database remembers left out, and every entry that a line covers still there with the same hash.
 */
export async function verifyCheckpoints(
  needs: VerifyCheckpointsNeeds,
  project: string,
): Promise<{ readonly checkpoints: number; readonly findings: readonly VerifyFinding[] }> {
  // What the database has now is in the file already; what comes while we read may come after our last line.
  const [newest] = await needs.store.newestCheckpoints(project, 1);
  const check = new CheckpointCheck(needs, project, newest?.seq ?? 0);
  let batch: string[] = [];
  for await (const line of new CheckpointFile(needs.folder, project).lines()) {
    batch.push(line);
    if (batch.length < batchLines) continue;
    await check.lines(batch);
    batch = [];
  }
  await check.lines(batch);
  await check.end();
  return { checkpoints: check.count, findings: check.findings };
}

class CheckpointCheck {
  readonly #needs: VerifyCheckpointsNeeds;
  readonly #project: string;
  readonly findings: VerifyFinding[] = [];
  count = 0;
  #previousHash = genesisHash;
  #lastSeq = 0;
  #unnamed = 0;

  readonly #storedUpTo: number;

  constructor(needs: VerifyCheckpointsNeeds, project: string, storedUpTo: number) {
    this.#needs = needs;
    this.#project = project;
    this.#storedUpTo = storedUpTo;
  }

  async lines(lines: readonly string[]): Promise<void> {
    this.#needs.signal?.throwIfAborted();
    const sound: SignedCheckpoint[] = [];
    const inFile = new Map<number, string>();
    const before = this.#lastSeq;
    for (const line of lines) {
      this.count++;
      const signed = parseCheckpoint(line);
      const ours = signed !== null && this.#isOurs(signed);
      const problem = ours
        ? this.#misplaced(signed)
        : 'is not a checkpoint signed by this machine for this project';
      if (problem !== null) this.#find(signed, 'bad-checkpoint', `line ${this.count} of the file ${problem}`);
      this.#previousHash = checkpointHash(line);
      // What is not ours must not decide which lines are expected.
      if (!ours) continue;
      inFile.set(signed.checkpoint.seq, line);
      this.#lastSeq = Math.max(this.#lastSeq, signed.checkpoint.seq);
      sound.push(signed);
    }
    await this.#compareStored(before, inFile);
    await this.#compareChain(sound);
  }

  /** Checkpoints the database has after the last line of the file, and the count of what was not named. */
  async end(): Promise<void> {
    let after = this.#lastSeq;
    while (after < this.#storedUpTo) {
      const stored = await this.#needs.store.checkpoints(this.#project, after, batchLines);
      await this.#withoutFile(stored.filter(({ seq }) => seq <= this.#storedUpTo));
      after = stored.at(-1)?.seq ?? this.#storedUpTo;
    }
    if (this.#unnamed > 0) {
      const detail = `${this.#unnamed} more findings about checkpoints`;
      this.findings.push({ project: this.#project, seq: null, problem: 'bad-checkpoint', detail });
    }
  }

  #misplaced({ checkpoint }: SignedCheckpoint): string | null {
    if (checkpoint.previous !== this.#previousHash) {
      return 'does not follow the line before it: lines were removed, changed or moved';
    }
    return checkpoint.seq > this.#lastSeq
      ? null
      : `covers entry ${checkpoint.seq}, an earlier one than the line before`;
  }

  #isOurs(signed: SignedCheckpoint): boolean {
    return signed.checkpoint.project === this.#project && this.#needs.keys.isAuthentic(signed);
  }

  /** The file is written first, so what only the database has was taken out of the file. */
  async #compareStored(after: number, inFile: ReadonlyMap<number, string>): Promise<void> {
    let from = after;
    while (from < this.#lastSeq) {
      const stored = await this.#needs.store.checkpoints(this.#project, from, batchLines);
      const within = stored.filter(({ seq }) => seq <= this.#lastSeq);
      await this.#withoutFile(within.filter(({ seq, line }) => inFile.get(seq) !== line));
      if (within.length < stored.length || stored.length < batchLines) return;
      from = stored.at(-1)!.seq;
    }
  }

  async #withoutFile(stored: readonly StoredCheckpoint[]): Promise<void> {
    const sound: SignedCheckpoint[] = [];
    for (const { seq, line } of stored) {
      const signed = parseCheckpoint(line);
      const ours = signed !== null && this.#isOurs(signed);
      const detail = ours
        ? `the checkpoint of entry ${seq} in the database is missing or different in the file`
        : `the checkpoint of entry ${seq} in the database is not signed by this machine`;
      this.#find(seq, 'bad-checkpoint', detail);
      if (ours) sound.push(signed);
    }
    await this.#compareChain(sound);
  }

  async #compareChain(sound: readonly SignedCheckpoint[]): Promise<void> {
    if (sound.length === 0) return;
    const hashes = await this.#needs.store.hashesAt(
      this.#project,
      sound.map(({ checkpoint }) => checkpoint.seq),
    );
    const { last } = await this.#needs.store.head(this.#project);
    for (const { checkpoint } of sound) {
      const hash = hashes.get(checkpoint.seq);
      const { seq, at } = checkpoint;
      if (hash === undefined) {
        const end = last?.seq ?? 0;
        // A gap inside the chain is named by the walk over it.
        if (seq > end) {
          this.#find(
            seq,
            'tail-removed',
            `the checkpoint of ${at} covers entry ${seq}; the chain ends at ${end}`,
          );
        }
      } else if (hash !== checkpoint.hash) {
        this.#find(
          seq,
          'edited',
          `the checkpoint of ${at} covers another entry ${seq} than the chain has now`,
        );
      }
    }
  }

  #find(about: SignedCheckpoint | number | null, problem: VerifyFinding['problem'], detail: string): void {
    const seq = typeof about === 'number' ? about : (about?.checkpoint.seq ?? null);
    if (this.findings.length < namedFindings) {
      this.findings.push({ project: this.#project, seq, problem, detail });
    } else this.#unnamed++;
  }
}
