import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import { LoadedVersion } from './loaded-version.ts';

/** Active, shadow, and the one before or behind. */
const mostLoaded = 3;
/** A version that did not load is not tried again before this: milliseconds. */
const againAfterMs = 10_000;

interface Failure {
  readonly error: MagFlockError;
  readonly at: number;
}

/** The versions that one worker has loaded. */
export class ModelSessions {
  readonly #log: Logger;
  /** Last used last. */
  readonly #loaded = new Map<string, LoadedVersion>();
  readonly #loading = new Map<string, Promise<LoadedVersion>>();
  readonly #failures = new Map<string, Failure>();
  /** The version asked for last, to tell whether it is the one that answers. */
  #wanted: ModelVersion | undefined;
  /** The last version that answered. */
  #last: LoadedVersion | undefined;
  #closed = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Loads a version, once.
   * @throws MagFlockError MF314
   */
  load(version: ModelVersion): Promise<LoadedVersion> {
    const key = keyOf(version);
    const loaded = this.#loaded.get(key);
    if (loaded !== undefined) return Promise.resolve(loaded);
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#load(key, version).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return loading;
  }

  /**
   * What a request is answered with, without waiting: the version it names, or the last good one while that one loads
   * beside. Only a worker that has none at all waits for it.
   * @throws MagFlockError MF315 when nothing can be loaded
   */
  async active(version: ModelVersion): Promise<LoadedVersion> {
    this.#wanted = version;
    const loaded = this.ifLoaded(version);
    if (loaded !== undefined) {
      this.#last = loaded;
      return loaded;
    }
    if (this.#last !== undefined) return this.#last;
    const failure = this.#failures.get(keyOf(version));
    try {
      if (failure !== undefined && !isOver(failure)) throw failure.error;
      this.#last = await this.load(version);
      return this.#last;
    } catch (cause) {
      const text = `no model is loaded: ${(cause as Error).message}`;
      throw new MagFlockError('MF315', text, { cause, details: { version: version.version } });
    }
  }

  /** The version if it is there; else it begins to load. */
  ifLoaded(version: ModelVersion): LoadedVersion | undefined {
    const key = keyOf(version);
    const loaded = this.#loaded.get(key);
    if (loaded !== undefined) {
      this.#loaded.delete(key);
      this.#loaded.set(key, loaded);
      return loaded;
    }
    const failure = this.#failures.get(key);
    if (failure === undefined || isOver(failure)) this.load(version).catch(() => {});
    return undefined;
  }

  /** What is wrong, in words; null when the version asked for last answers. */
  problem(): string | null {
    const wanted = this.#wanted;
    if (wanted === undefined) {
      const [failure] = this.#failures.values();
      return this.#loaded.size > 0 || failure === undefined ? null : failure.error.message;
    }
    if (this.#loaded.has(keyOf(wanted))) return null;
    const failure = this.#failures.get(keyOf(wanted));
    if (failure === undefined) return null;
    const instead = this.#last === undefined ? 'no model judges' : `${this.#last.version.version} goes on`;
    return `${failure.error.message}; ${instead}`;
  }

  /** Names of the versions in memory, last used last. */
  versions(): readonly string[] {
    return [...this.#loaded.values()].map(({ version }) => version.version);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#loading.values());
    await Promise.all([...this.#loaded.values()].map((loaded) => loaded.retire()));
    this.#loaded.clear();
  }

  async #load(key: string, version: ModelVersion): Promise<LoadedVersion> {
    try {
      const loaded = await LoadedVersion.load(version);
      this.#failures.delete(key);
      this.#loaded.set(key, loaded);
      this.#last ??= loaded;
      this.#log.debug({ version: version.version }, 'models loaded');
      await this.#makeRoom(loaded);
      if (this.#closed) await loaded.retire();
      return loaded;
    } catch (cause) {
      const error = MagFlockError.from(cause);
      if (this.#failures.size > 16) this.#failures.clear();
      this.#failures.set(key, { error, at: Date.now() });
      this.#log.error({ err: error, version: version.version }, 'models do not load');
      throw error;
    }
  }

  async #makeRoom(added: LoadedVersion): Promise<void> {
    for (const [key, loaded] of this.#loaded) {
      if (this.#loaded.size <= mostLoaded) return;
      if (loaded === this.#last || loaded === added) continue;
      this.#loaded.delete(key);
      await loaded.retire();
    }
  }
}

/** By content: a name alone could be given to other files. */
function keyOf({ version, folder, sha256 }: ModelVersion): string {
  return [version, folder, sha256.values, sha256.statements].join('\n');
}

function isOver({ at }: Failure): boolean {
  return Date.now() - at >= againAfterMs;
}
