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
  if (target === undefined) return brokenPackageRule(layer, imported.specifier, file);
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

function brokenPackageRule(layer: string, specifier: string, file: string): string | undefined {
  if (layer === 'config') return 'config/ imports nothing';
  if (layer !== 'extensions' || specifier.startsWith('node:')) return undefined;
  // Those that run in cages name the SDK as a third party does.
  if (/^@magflock\/sdk(\/testing)?$/.test(specifier) && !file.startsWith('extensions/sdk/')) return undefined;
  return 'an extension brings no packages of its own';
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
  if (file.startsWith('extensions/sdk/testing/')) {
    // The harness runs a guest in the real isolate, bundled as for a package.
    if (/^sandbox\/(isolate|protocol)\//.test(target) || target === 'sandbox/package/bundle.ts')
      return undefined;
    if (target.startsWith('sandbox/') && typeOnly) return undefined;
  }
  return 'the SDK imports types of runtime/protocol only';
}
