import { Value } from 'typebox/value';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { InstalledExtension } from './installed-extension.ts';

type Config = InstalledExtension['config'];

/**
 * The configuration an extension gets: what the operator gave, and the defaults of its schema.
 * @throws MF668 naming the field that does not fit
 */
export function checkConfig(manifest: ExtensionManifest, given: Config): Config {
  const schema = manifest.config;
  if (schema === undefined) {
    const [surplus] = Object.keys(given);
    if (surplus === undefined) return {};
    throw new MagFlockError(
      'MF668',
      `${manifest.id} has no configuration, so "${surplus}" means nothing to it`,
      { fix: 'leave it out' },
    );
  }
  const names = Object.keys((schema['properties'] ?? {}) as object);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  // A word misspelt would otherwise do nothing, and say nothing.
  if (unknown !== undefined) {
    throw new MagFlockError('MF668', `${manifest.id} has no setting "${unknown}"`, {
      fix: names.length === 0 ? 'leave it out' : `it has ${names.join(', ')}`,
    });
  }
  const config = { ...defaultsOf(schema), ...given };
  // A JSON Schema of an author; typebox checks plain JSON Schema too.
  if (Value.Check(schema as never, config)) return config;
  const [first] = Value.Errors(schema as never, config);
  const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  throw new MagFlockError(
    'MF668',
    `the configuration of ${manifest.id} does not fit: ${field === '' ? '' : `${field} `}${first?.message ?? ''}`,
    { fix: 'give it with --set name=value' },
  );
}

function defaultsOf(schema: NonNullable<ExtensionManifest['config']>): Config {
  const properties = (schema['properties'] ?? {}) as Readonly<
    Record<string, { readonly default?: string | number | boolean }>
  >;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      property?.default === undefined ? [] : [[name, property.default]],
    ),
  );
}
