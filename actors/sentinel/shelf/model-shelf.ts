import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import type { ModelShelf } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import { listPath } from '../training/training-files.ts';
import { activePointer, type Pointer } from './active-pointer.ts';
import { candidateName } from './candidate-name.ts';
import { compareCards } from './compare-cards.ts';
import { type ReadVersion, readVersion } from './read-version.ts';
import { shippedVersion } from './shipped-version.ts';

/** Where and with whom the shelf works. */
export interface ShelfOptions {
  readonly dataFolder: string;
  readonly log: Logger;
  /** Default: the models that come with MagFlock. */
  readonly shippedFolder?: string;
  /** A real load of a version before it becomes active or shadow, in a worker; throws MF314 when it fails. */
  readonly prepare?: (version: ModelVersion) => Promise<unknown>;
}

/** Candidates that are looked at; more are left alone. */
const mostCandidates = 100;

/** The versions of the models: which there are, which is active, and what must hold before another one is. */
export class ModelShelfKeeper {
  readonly #options: ShelfOptions;
  readonly #folder: string;
  readonly #shipped: ReadVersion;
  #candidates = new Map<string, ReadVersion>();
  #damaged = new Map<string, string>();
  #pointer: Pointer = { active: null, previous: null, shadow: null };
  #pointerProblem: string | null = null;
  /** One change after the other. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(options: ShelfOptions, shipped: ReadVersion) {
    this.#options = options;
    this.#folder = modelFolder(options.dataFolder);
    this.#shipped = shipped;
  }

  /**
   * Reads the shelf as the data folder has it. An active version that is damaged leaves the shipped one active, and
   * `problems` says so.
   * @throws MagFlockError MF314 when the models shipped are damaged: then there are none
   */
  static async open(options: ShelfOptions): Promise<ModelShelfKeeper> {
    const shelf = new ModelShelfKeeper(options, await shippedVersion(options.shippedFolder));
    const { pointer, problem } = await activePointer.read(shelf.#path);
    shelf.#pointer = pointer;
    shelf.#pointerProblem = problem;
    await shelf.rescan();
    for (const text of shelf.problems()) options.log.error({ problem: text }, 'models in the data folder');
    return shelf;
  }

  state(): ModelShelf {
    const active = this.#read(this.#pointer.active) ?? this.#shipped;
    const previous = this.#pointer.previous;
    return {
      active: active.version,
      previous: this.#hasPrevious() ? (this.#read(previous)?.version ?? null) : null,
      shadow: this.#pointer.shadow === null ? null : (this.#read(this.#pointer.shadow)?.version ?? null),
      candidates: [...this.#candidates.values()].map(({ version }) => version),
    };
  }

  /** What is damaged, a sentence each; the state says what goes on in its place. */
  problems(): readonly string[] {
    const { active, shadow } = this.#pointer;
    const others = [...this.#damaged].filter(([name]) => name !== active && name !== shadow);
    return [...this.faults(), ...others.map(([name, why]) => `the candidate ${name} is damaged: ${why}`)];
  }

  /** Of the problems those of what should judge: another version goes on in its place, or nothing is compared. */
  faults(): readonly string[] {
    const { active, shadow } = this.#pointer;
    const out =
      this.#pointerProblem === null ? [] : [`${this.#pointerProblem}: the models shipped are active`];
    if (active !== null && this.#read(active) === undefined) {
      out.push(`the active version ${active} ${this.#why(active)}: the models shipped are active`);
    }
    if (shadow !== null && this.#read(shadow) === undefined) {
      out.push(`the shadow version ${shadow} ${this.#why(shadow)}: nothing is compared`);
    }
    return out;
  }

  /** Reads the candidates anew. A damaged one is in `problems`. */
  async rescan(): Promise<ModelShelf> {
    const candidates = new Map<string, ReadVersion>();
    const damaged = new Map<string, string>();
    for (const name of (await this.#names()).slice(0, mostCandidates)) {
      try {
        candidates.set(name, await readVersion(join(this.#folder, name), name));
      } catch (error) {
        damaged.set(name, (error as Error).message);
      }
    }
    this.#candidates = candidates;
    this.#damaged = damaged;
    return this.state();
  }

  /**
   * Makes a version the active one.
   * @throws MagFlockError MF312 unknown, MF313 worse than the active one or trained on other files, MF314 damaged
   */
  promote(version: string): Promise<ModelShelf> {
    return this.#alone(async () => {
      const candidate = await this.#take(version);
      const named = this.#read(this.#pointer.active);
      // The version shipped that stands in for a damaged one is not the active one by anybody's decision yet.
      if (candidate === named && this.#pointerProblem === null) return this.state();
      const active = named ?? this.#shipped;
      // Back to the version shipped is not a promotion of something unknown.
      if (candidate !== this.#shipped) await admit(candidate, active);
      await this.#options.prepare?.(candidate.version);
      return this.#point({
        active: candidate === this.#shipped ? null : version,
        previous: named === undefined ? null : this.#pointer.active,
        shadow: this.#pointer.shadow === version ? null : this.#pointer.shadow,
      });
    });
  }

  /**
   * Back to the version that was active before; once more comes back.
   * @throws MagFlockError MF312 when there is none, MF314 when it is damaged
   */
  rollback(): Promise<ModelShelf> {
    return this.#alone(async () => {
      const { active, previous, shadow } = this.#pointer;
      if (!this.#hasPrevious()) {
        throw new MagFlockError('MF312', 'there is no version before the active one', {
          fix: 'magflock sentinel promote <version>',
        });
      }
      const back = previous === null ? this.#shipped : await this.#take(previous);
      await this.#options.prepare?.(back.version);
      return this.#point({ active: previous, previous: active, shadow });
    });
  }

  /**
   * Judges with this version, too; null ends it. It needs not be better: finding that out is what it is for.
   * @throws MagFlockError MF312, MF314
   */
  shadow(version: string | null): Promise<ModelShelf> {
    return this.#alone(async () => {
      if (version !== null) {
        const { version: taken } = await this.#take(version);
        await this.#options.prepare?.(taken);
      }
      return this.#point({ ...this.#pointer, shadow: version });
    });
  }

  get #path(): string {
    return join(this.#folder, 'active.json');
  }

  /** There is always one behind a candidate: the version shipped. */
  #hasPrevious(): boolean {
    return this.#pointer.active !== this.#pointer.previous;
  }

  #read(name: string | null): ReadVersion | undefined {
    if (name === null || name === this.#shipped.version.version) return this.#shipped;
    return this.#candidates.get(name);
  }

  #why(name: string): string {
    const why = this.#damaged.get(name);
    return why === undefined ? 'is not there' : `is damaged (${why})`;
  }

  /** A version as its files are now. */
  async #take(name: string): Promise<ReadVersion> {
    if (name === this.#shipped.version.version) return this.#shipped;
    await this.rescan();
    const damaged = this.#damaged.get(name);
    if (damaged !== undefined) throw new MagFlockError('MF314', damaged, { details: { version: name } });
    const found = this.#candidates.get(name);
    if (found !== undefined) return found;
    throw new MagFlockError('MF312', `there is no version ${JSON.stringify(name.slice(0, 80))}`, {
      details: { versions: [this.#shipped.version.version, ...this.#candidates.keys()] },
    });
  }

  async #names(): Promise<string[]> {
    try {
      const entries = await readdir(this.#folder, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && candidateName.test(entry.name))
        .map(({ name }) => name)
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  async #point(pointer: Pointer): Promise<ModelShelf> {
    await activePointer.write(this.#path, pointer);
    this.#pointer = pointer;
    this.#pointerProblem = null;
    return this.state();
  }

  #alone<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => {});
    return done;
  }
}

/** The gate. */
async function admit(candidate: ReadVersion, active: ReadVersion): Promise<void> {
  const list = createHash('sha256')
    .update(await readFile(listPath))
    .digest('hex');
  const worse = (['values', 'statements'] as const)
    // One that was taken over unchanged is as good as it is there.
    .filter((kind) => candidate.cards[kind].sha256 !== active.cards[kind].sha256)
    .filter((kind) => candidate.cards[kind].list.sha256 !== list)
    .map((kind) => `${kind}: trained on another list of files than the one of this MagFlock`);
  worse.push(...compareCards(candidate.cards, active.cards));
  if (worse.length === 0) return;
  const { version } = candidate.version;
  const more = worse.length > 3 ? `, and ${worse.length - 3} more` : '';
  const text = `${version} is worse than ${active.version.version}: ${worse.slice(0, 3).join('; ')}${more}`;
  throw new MagFlockError('MF313', text, { details: { version, folds: worse } });
}

function modelFolder(dataFolder: string): string {
  return join(dataFolder, 'sentinel', 'models');
}
