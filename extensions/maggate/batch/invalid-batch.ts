import { ExtensionError } from '../../sdk/index.ts';

/** The error for a batch that cannot be read (MF423). */
export function invalidBatch(message: string, fix?: string): ExtensionError {
  return new ExtensionError('MF423', message, { fix });
}
