import type { Import } from './imports-of.ts';

const layers: Readonly<Record<string, readonly string[]>> = {
  config: [],
  runtime: ['config'],
  sandbox: ['config', 'runtime'],
  actors: ['config', 'runtime', 'sandbox'],
  extensions: [],
};

/** The composition root may import everything. */
const compositionRoot = /^runtime\/(daemon\.ts$|cli\/)/;

/**
 * Why a module must not import another, or undefined when it may.
 * @param file path of the importing module from the project's root
 */
export function brokenImportRule(file: string, imported: Import): string | undefined {
  const [layer = '', part = ''] = file.split('/');
  if (!Object.hasOwn(layers, layer) || compositionRoot.test(file)) return undefined;
  const target = imported.file;
  if (target === undefined) return brokenPackageRule(layer, imported.specifier);
  if (compositionRoot.test(target)) return 'nothing imports the composition root';
  const [targetLayer = '', targetPart = ''] = target.split('/');
  if (layer === 'extensions') return brokenExtensionRule(file, part, target, imported.typeOnly);
  if (targetLayer === layer) {
    return layer === 'actors' && part !== targetPart
      ? 'a part knows another part only by its protocol in runtime/protocol'
      : undefined;
  }
  return layers[layer]!.includes(targetLayer) ? undefined : `${layer}/ must not import ${targetLayer}/`;
}

function brokenPackageRule(layer: string, specifier: string): string | undefined {
  if (layer === 'config') return 'config/ imports nothing';
  if (layer === 'extensions' && !specifier.startsWith('node:')) {
    return 'an extension brings no packages of its own';
  }
  return undefined;
}

function brokenExtensionRule(
  file: string,
  extension: string,
  target: string,
  typeOnly: boolean,
): string | undefined {
  if (target.startsWith(`extensions/${extension}/`) || target.startsWith('extensions/sdk/')) return undefined;
  if (extension !== 'sdk') return 'an extension imports extensions/sdk only, as a third party would';
  if (target.startsWith('runtime/protocol/') && typeOnly) return undefined;
  if (file.startsWith('extensions/sdk/testing') && target.startsWith('sandbox/isolate')) return undefined;
  return 'the SDK imports types of runtime/protocol only';
}
