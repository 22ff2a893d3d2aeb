import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/**
 * Loads the module in a slot.
 * @param url of the module
 * @param name the export it must have
 * @throws MF620 when it cannot be loaded or lacks the export
 */
export async function loadExport(url: string, name: 'extension' | 'gateway'): Promise<unknown> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(url);
  } catch (cause) {
    throw new MagFlockError('MF620', `The extension module ${url} does not load.`, { cause });
  }
  const found = module[name];
  if (typeof found !== 'object' || found === null) {
    throw new MagFlockError('MF620', `The extension module ${url} does not export ${name}.`, {
      fix:
        name === 'extension'
          ? 'export const extension = defineExtension({…})'
          : 'export const gateway = defineGateway({…})',
    });
  }
  return found;
}
