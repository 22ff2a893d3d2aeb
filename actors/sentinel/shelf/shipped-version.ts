import { modelsFolder } from '../learning/models-folder.ts';
import { type ReadVersion, readVersion } from './read-version.ts';

/**
 * The models that come with MagFlock, called `shipped-` and the beginning of the SHA-256 of the model of values.
 * @throws MagFlockError MF314 when they are missing or damaged
 */
export function shippedVersion(folder: string = modelsFolder): Promise<ReadVersion> {
  return readVersion(folder);
}
