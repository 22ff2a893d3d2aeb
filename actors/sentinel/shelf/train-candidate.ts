import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ModelVersion, PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import type { FeedbackEntry } from '../../../runtime/protocol/sentinel.protocol.ts';
import { modelsFolder } from '../learning/models-folder.ts';
import { candidateName } from './candidate-name.ts';
import { feedbackExamples } from './feedback-examples.ts';
import { readVersion } from './read-version.ts';
import { readyToTrain } from './ready-to-train.ts';
import { withFeedback } from './with-feedback.ts';

/** How a candidate is trained. */
export interface CandidateOptions {
  /** Of the daemon: the candidate goes to `sentinel/models/` in it. */
  readonly dataFolder: string;
  /** Folder of the training data; default beside the repository. */
  readonly data?: string | undefined;
  /** Default both; the other model is taken over from `base`. */
  readonly kinds?: readonly PatrolModel[] | undefined;
  /** Folder of the version whose other model is taken over; default the one shipped. */
  readonly base?: string | undefined;
  readonly seed?: number | undefined;
  /** First part of the version's name; default `candidate`. */
  readonly name?: string | undefined;
  readonly feedback?: readonly FeedbackEntry[] | undefined;
  /** Lines of progress. */
  readonly tell?: (line: string) => void;
}

/**
 * Trains a candidate for the shelf; half an hour for both models. Blocks its thread: never called in a daemon.
 * @returns the version, named after its content; it is not active yet
 * @throws MagFlockError MF316 when data or development dependencies are missing, MF100 when the name cannot be one
 */
export async function trainCandidate(options: CandidateOptions): Promise<ModelVersion> {
  const { dataFolder, data, kinds, base = modelsFolder, seed, name = 'candidate', feedback = [] } = options;
  const tell = options.tell ?? (() => undefined);
  if (!candidateName.test(`${name}-${'0'.repeat(16)}`)) {
    throw new MagFlockError('MF100', `${JSON.stringify(name)} is no name for a version`, {
      fix: 'small letters, digits, - and _; not beginning with shipped-',
    });
  }
  await readyToTrain(data);
  // Only now: the exporter needs a development dependency.
  const { trainModels } = await import('../training/train.ts');
  const { used, left } = feedbackExamples(feedback);
  if (feedback.length > 0) tell(`feedback: ${used.length} of ${feedback.length} entries are used`);
  for (const [reason, count] of left) tell(`feedback: ${count} left out, ${reason}`);
  const shelf = join(dataFolder, 'sentinel', 'models');
  // No candidate has such a name: what is cut off half-way is never read.
  const folder = join(shelf, `.training-${process.pid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    if (kinds !== undefined && kinds.length < 2) {
      for (const file of ['card.json', 'values.onnx', 'statements.onnx']) {
        await copyFile(join(base, file), join(folder, file), constants.COPYFILE_FICLONE);
      }
    }
    await trainModels({
      folder,
      tell,
      ...(kinds === undefined ? {} : { kinds }),
      ...(seed === undefined ? {} : { seed }),
      amend: (examples, kind) => withFeedback(examples, used, kind),
    });
    return await putOnShelf(folder, shelf, name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function putOnShelf(folder: string, shelf: string, name: string): Promise<ModelVersion> {
  const { version } = await readVersion(folder, 'training');
  const { values, statements } = version.sha256;
  const called = `${name}-${values.slice(0, 8)}${statements.slice(0, 8)}`;
  const place = join(shelf, called);
  // The same content under the same name: a training again.
  await rm(place, { recursive: true, force: true });
  await rename(folder, place);
  return { ...version, version: called, folder: place };
}
