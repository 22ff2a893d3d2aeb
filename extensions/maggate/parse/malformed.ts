import { ExtensionError } from '../../sdk/index.ts';

/**
 * The error for an option or filter that cannot be read (MF405, 400).
 * @param name the query parameter
 * @param message what is wrong with it, naming the value and what is allowed
 */
export function malformed(name: string, message: string, fix?: string): ExtensionError {
  return new ExtensionError('MF405', message, { fix, details: { parameter: name } });
}
