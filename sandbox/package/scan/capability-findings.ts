import type { CapabilityName, ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import type { Finding } from './finding.ts';

/** How a call of a capability looks at its end, and words without which it cannot be called at all. */
const calls: readonly (readonly [capability: CapabilityName, call: RegExp, words: readonly string[]])[] = [
  ['db.read', /(^|\.)db\.read\.query$/, ['db', 'read', 'query']],
  ['db.write', /(^|\.)db\.write\.query$/, ['db', 'write', 'query']],
  // Migrations are a use of it too, and not in the code.
  ['db.schema', /(^|\.)db\.own\.query$/, []],
  ['cache', /(^|\.)cache\.(get|set|delete)$/, ['cache']],
  ['events.emit', /(^|\.)events\.emit$/, ['events', 'emit']],
  ['net.fetch', /(^|\.)net\.fetch$/, ['net', 'fetch']],
  ['files', /(^|\.)files\.(read|write|list|remove)$/, ['files']],
  ['secrets.read', /(^|\.)secrets\.read$/, ['secrets', 'read']],
  ['catalog.read', /(^|\.)catalog\.tables$/, ['catalog', 'tables']],
];

/**
 * What the code does against what the manifest says, in both directions.
 * @param used names of calls with their line
 * @param words every name in the code
 */
export function* capabilityFindings(
  { permissions }: ExtensionManifest,
  used: ReadonlyMap<string, number>,
  words: ReadonlySet<string>,
  file: string,
): Generator<Finding> {
  const declared = new Set(permissions.map(({ capability }) => capability));
  for (const [capability, call, needed] of calls) {
    const [at] = [...used].filter(([name]) => call.test(name));
    if (at !== undefined && !declared.has(capability)) {
      yield {
        severity: 'danger',
        rule: 'undeclared-capability',
        message: `calls ${at[0].slice(0, 60)}, but the manifest does not ask for ${capability}: the call would end it`,
        file,
        line: at[1],
      };
    }
    if (declared.has(capability) && !needed.every((word) => words.has(word))) {
      yield {
        severity: 'info',
        rule: 'unused-capability',
        message: `the manifest asks for ${capability}, which the code does not seem to use`,
        file: 'magflock.extension.json',
        line: null,
      };
    }
  }
}
