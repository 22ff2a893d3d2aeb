import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/**
 * Whether a training can be done here, said before an hour of work.
 * @param data folder with the files of the list; default beside the repository
 * @throws MagFlockError MF316
 */
export async function readyToTrain(data: string | undefined): Promise<void> {
  try {
    createRequire(import.meta.url).resolve('onnx-proto');
  } catch (cause) {
    throw new MagFlockError('MF316', 'onnx-proto is not installed: this is no checkout, or one without it', {
      cause,
      fix: 'clone the repository, npm ci, and train there',
    });
  }
  const { dataFolder, placeOf, readDataFrom, trainingFiles } = await import('../training/training-files.ts');
  readDataFrom(data ?? dataFolder);
  const missing = trainingFiles().filter(({ path }) => !existsSync(placeOf(path)));
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length === 1 ? '' : ` (and ${missing.length - 1} more files of the list)`;
  const fix = first.path.startsWith('node_modules/')
    ? 'npm ci in the checkout brings the packages whose documents are read'
    : 'put the training data there, or name its folder with --from';
  throw new MagFlockError('MF316', `${placeOf(first.path)} is not there${more}`, { fix });
}
