import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion, PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Families } from '../learning/explain.ts';
import type { Network } from '../learning/network.ts';
import { readNetwork } from '../learning/read-network.ts';
import { MixedScorer } from './mixed-scorer.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { OnnxScorer } from './onnx-scorer.ts';
import { PlainScorer } from './plain-scorer.ts';
import { readFamilies } from './read-families.ts';
import { readModelFile } from './read-model-file.ts';
import { sampleWindow } from './sample-window.ts';
import type { Scorer } from './scorer.ts';

const kinds: readonly PatrolModel[] = ['values', 'statements'];

interface LoadedModel {
  readonly scorer: Scorer;
  /** The same weights, for explanations. */
  readonly network: Network;
  /** Of attacks, by what tells them apart; none for whole statements. */
  readonly families: Families;
}

/** A version in memory, ready to score. */
export class LoadedVersion {
  readonly version: ModelVersion;
  readonly #models: ReadonlyMap<PatrolModel, LoadedModel>;
  #users = 0;
  #retired = false;

  private constructor(version: ModelVersion, models: ReadonlyMap<PatrolModel, LoadedModel>) {
    this.version = version;
    this.#models = models;
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
    const models = new Map<PatrolModel, LoadedModel>();
    try {
      for (const kind of only) {
        const model = await loadModel(version, kind, plain);
        models.set(kind, model);
        await warmUp(model.scorer, kind);
      }
    } catch (cause) {
      for (const { scorer } of models.values()) await scorer.release();
      if (MagFlockError.is(cause)) throw cause;
      const [line] = (cause as Error).message.split('\n');
      const text = `the models of ${version.version} in ${version.folder} do not load: ${line}`;
      throw new MagFlockError('MF314', text, { cause, details: { version: version.version } });
    }
    return new LoadedVersion(version, models);
  }

  /** @throws MagFlockError MF315 when it was loaded without that model */
  model(kind: PatrolModel): LoadedModel {
    const model = this.#models.get(kind);
    if (model === undefined)
      throw new MagFlockError('MF315', `${kind} of ${this.version.version} is not loaded`);
    return model;
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
    for (const { scorer } of this.#models.values()) await scorer.release();
  }
}

async function loadModel(version: ModelVersion, kind: PatrolModel, plain: boolean): Promise<LoadedModel> {
  const bytes = await readModelFile(version, kind);
  // Also the check that it is a model of ours: what native code is given has passed a strict reader.
  const network = readNetwork(bytes);
  const read = network.statistics.length / network.widths[0];
  const { length } = sampleWindow(kind).statistics;
  if (read !== length) throw new Error(`${kind} read ${read} statistics, this MagFlock makes ${length}`);
  const families = kind === 'values' ? await readFamilies(version) : {};
  const few = new PlainScorer(network);
  const { runtime } = plain ? { runtime: null } : await onnxRuntime();
  if (runtime === null) return { network, families, scorer: few };
  const many = await OnnxScorer.load(runtime, bytes);
  await warmUp(many, kind);
  return { network, families, scorer: new MixedScorer(few, many) };
}

/** The first run is the slow one; and a model that gives no number is none. */
async function warmUp(scorer: Scorer, kind: PatrolModel): Promise<void> {
  const [score] = await scorer.score([sampleWindow(kind)]);
  if (score === undefined || !(score >= 0 && score <= 1)) throw new Error(`a dummy run scores ${score}`);
}
