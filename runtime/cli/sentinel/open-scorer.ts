import { resolve } from 'node:path';
import { TextJudge } from '../../../actors/sentinel/patrol/text-judge.ts';
import { ModelShelfKeeper } from '../../../actors/sentinel/shelf/model-shelf.ts';
import { readVersion } from '../../../actors/sentinel/shelf/read-version.ts';
import { shippedVersion } from '../../../actors/sentinel/shelf/shipped-version.ts';
import { type ScoredSurface, TextScorer } from '../../../actors/sentinel/sqlguard/text-scorer.ts';
import type { Settings } from '../../../config/settings.ts';
import type { ModelVersion } from '../../protocol/patrol.protocol.ts';
import { createLogger } from '../../telemetry/create-logger.ts';

export interface ScorerWish {
  readonly surface: ScoredSurface;
  /** A folder of models; relative to the working folder. */
  readonly models: string | undefined;
  /** Whether the active version of the data folder is to judge. */
  readonly dataFolder: boolean;
}

export interface OpenScorer {
  readonly scorer: TextScorer;
  /** Name of the version that judges, and where it lies. */
  readonly version: string;
  readonly folder: string;
}

/**
 * Loads the models that judge, with the budget that the settings give a request.
 * @throws MagFlockError MF314 when they are missing or damaged
 */
export async function openScorer(settings: Settings, wish: ScorerWish): Promise<OpenScorer> {
  const version = await choose(settings, wish);
  const judge = await TextJudge.load(version, [wish.surface === 'sql' ? 'statements' : 'values']);
  const budget = {
    values: settings['sentinel.valuesPerRequest'],
    bytes: settings['sentinel.bytesPerRequest'],
  };
  return { scorer: new TextScorer(judge, version, budget), version: version.version, folder: version.folder };
}

async function choose(settings: Settings, { models, dataFolder }: ScorerWish): Promise<ModelVersion> {
  if (models !== undefined) return (await readVersion(resolve(models), models)).version;
  if (!dataFolder) return (await shippedVersion()).version;
  const shelf = await ModelShelfKeeper.open({
    dataFolder: resolve(settings.dataDir),
    log: createLogger({ level: 'silent', part: 'sentinel', file: null }),
  });
  return shelf.state().active;
}
