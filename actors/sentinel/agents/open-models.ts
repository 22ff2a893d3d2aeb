import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { shippedVersion } from '../shelf/shipped-version.ts';
import type { ModelKeeper } from './model-keeper.ts';

/**
 * The models that come with MagFlock.
 * @throws MF314 when they are missing or damaged
 */
export async function openModels(): Promise<ModelKeeper> {
  const { version: active } = await shippedVersion();
  const unknown = async (version: string): Promise<never> => {
    throw new MagFlockError('MF312', `There is no version ${version}.`);
  };
  return {
    state: () => ({ active, previous: null, shadow: null, candidates: [] }),
    rescan: async () => {},
    promote: unknown,
    rollback: () => unknown('before this one'),
    shadow: async (version) => (version === null ? undefined : unknown(version)),
  };
}
