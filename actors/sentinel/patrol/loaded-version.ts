import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion, PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import { statistics } from '../learning/feature-layout.ts';
import type { Features } from '../learning/features.ts';
import type { Network } from '../learning/network.ts';
import { readNetwork } from '../learning/read-network.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { OnnxScorer } from './onnx-scorer.ts';
import { PlainScorer } from './plain-scorer.ts';
import { readModelFile } from './read-model-file.ts';
import type { Scorer } from './scorer.ts';

const kinds: readonly PatrolModel[] = ['values', 'statements'];

/** A version in memory, ready to score. */
export class LoadedVersion {
  readonly version: ModelVersion;
  readonly #scorers: ReadonlyMap<PatrolModel, Scorer>;
  readonly #networks = new Map<PatrolModel, Promise<Network | null>>();
  #users = 0;
  #retired = false;

  private constructor(version: ModelVersion, scorers: ReadonlyMap<PatrolModel, Scorer>) {
    this.version = version;
    this.#scorers = scorers;
  }

  /**
   * Reads, checks and loads the models of a version, and runs each once.
   * @param plain without onnxruntime: slower with many texts, and no native code
   * @throws MagFlockError MF314
   */
  static async load(
    version: ModelVersion,
    only: readonly PatrolModel[] = kinds,
    plain = false,
  ): Promise<LoadedVersion> {
    const scorers = new Map<PatrolModel, Scorer>();
    try {
      for (const kind of only) {
        const scorer = await loadScorer(version, kind, plain);
        scorers.set(kind, scorer);
        await warmUp(scorer);
      }
    } catch (cause) {
      for (const scorer of scorers.values()) await scorer.release();
      if (MagFlockError.is(cause)) throw cause;
      const [line] = (cause as Error).message.split('\n');
      const text = `the models of ${version.version} in ${version.folder} do not load: ${line}`;
      throw new MagFlockError('MF314', text, { cause, details: { version: version.version } });
    }
    return new LoadedVersion(version, scorers);
  }

  /** @throws MagFlockError MF315 when it was loaded without that model */
  scorer(kind: PatrolModel): Scorer {
    const scorer = this.#scorers.get(kind);
    if (scorer === undefined)
      throw new MagFlockError('MF315', `${kind} of ${this.version.version} is not loaded`);
    return scorer;
  }

  /** The weights, for explanations; read when first asked for. Null when the file has changed or gone meanwhile. */
  network(kind: PatrolModel): Promise<Network | null> {
    let network = this.#networks.get(kind);
    if (network === undefined) {
      network = readModelFile(this.version, kind).then(readNetwork, () => null);
      this.#networks.set(kind, network);
    }
    return network;
  }

  /** Keeps it loaded while the work runs, retired or not. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#retired && this.#users === 0) await this.#release();
    }
  }

  /** Gives its memory back, when nobody uses it any more. */
  async retire(): Promise<void> {
    if (this.#retired) return;
    this.#retired = true;
    if (this.#users === 0) await this.#release();
  }

  async #release(): Promise<void> {
    for (const scorer of this.#scorers.values()) await scorer.release();
  }
}

async function loadScorer(version: ModelVersion, kind: PatrolModel, plain: boolean): Promise<Scorer> {
  const bytes = await readModelFile(version, kind);
  // Also the check that it is a model of ours: what native code is given has passed a strict reader.
  const network = readNetwork(bytes);
  const { runtime } = plain ? { runtime: null } : await onnxRuntime();
  return runtime === null ? new PlainScorer(network) : OnnxScorer.load(runtime, bytes);
}

/** The first run is the slow one; and a model that gives no number is none. */
async function warmUp(scorer: Scorer): Promise<void> {
  const window: Features = {
    indices: Int32Array.of(0, 1),
    scale: 0.5,
    statistics: new Float32Array(statistics.length),
  };
  const [score] = await scorer.score([window]);
  if (score === undefined || !(score >= 0 && score <= 1)) throw new Error(`a dummy run scores ${score}`);
}
