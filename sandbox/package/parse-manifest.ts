import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { firstContradiction } from './first-contradiction.ts';
import { packageLimits } from './package-limits.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { parseStrictYaml } from './parse-strict-yaml.ts';
import { validateManifest } from './validate-manifest.ts';

/**
 * Reads the manifest of a third party: syntax, shape, and whether its fields agree with each other.
 * @param bytes UTF-8, at most 256 kB
 * @param source where it came from, for the message; a name that ends with `.yaml` or `.yml` is read as YAML
 * @throws MF620 naming the field and what is allowed
 */
export function parseManifest(bytes: Uint8Array, source: string): ExtensionManifest {
  if (bytes.length > packageLimits.manifest) {
    throw faulty(source, `it has ${bytes.length} bytes, at most ${packageLimits.manifest} are allowed`);
  }
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = /\.ya?ml$/.test(source) ? parseStrictYaml(text) : parseStrictJson(text);
  } catch (cause) {
    throw faulty(source, (cause as Error).message.replace(/\.$/, ''));
  }
  const manifest = validateManifest(value, source);
  const contradiction = firstContradiction(manifest);
  if (contradiction !== undefined) {
    throw faulty(source, `${contradiction.field} ${contradiction.problem}`, contradiction.field);
  }
  return manifest;
}

function faulty(source: string, problem: string, field = 'manifest'): MagFlockError {
  return new MagFlockError('MF620', `The manifest of ${source} is invalid: ${problem}.`, {
    fix: 'Correct that field of the manifest.',
    details: { field },
  });
}
