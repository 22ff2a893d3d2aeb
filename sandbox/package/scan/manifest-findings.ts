import type { CapabilityName, ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import { wakingEvents } from '../../broker/capabilities/events-on.ts';
import type { Finding } from './finding.ts';

/** Capabilities whose scope can be narrower than everything, and how much everything is. */
const broad: Partial<Readonly<Record<CapabilityName, Finding['severity']>>> = {
  'db.read': 'warning',
  'db.write': 'danger',
  'net.fetch': 'danger',
  'secrets.read': 'danger',
  'events.emit': 'warning',
  'events.on': 'warning',
};

const waking: readonly string[] = wakingEvents;

/** What an extension asks for that its operator should think about. */
export function* manifestFindings(manifest: ExtensionManifest): Generator<Finding> {
  const file = 'magflock.extension.json';
  for (const { capability, scope } of manifest.permissions) {
    const severity = broad[capability];
    if (severity !== undefined && scope.includes('*')) {
      yield {
        severity,
        rule: 'broad-scope',
        message: `${capability} asks for everything (*)`,
        file,
        line: null,
      };
    }
  }
  for (const { method, path, public: open } of manifest.routes ?? []) {
    if (open === true) {
      const message = `${method} ${path} answers anybody, without a key`;
      yield { severity: 'warning', rule: 'public-route', message, file, line: null };
    }
  }
  for (const name of manifest.events ?? []) {
    if (waking.includes(name)) continue;
    const message = `no event that wakes extensions is called ${name}; messages of others are extension.message`;
    yield { severity: 'warning', rule: 'unknown-event', message, file, line: null };
  }
  for (const { when, tables, onFailure } of manifest.hooks ?? []) {
    if (!tables.includes('*')) continue;
    const stops = when === 'before' && onFailure !== 'pass';
    const message = `a hook ${when} operations on every table${stops ? '; when it fails, all of them are refused' : ''}`;
    yield { severity: stops ? 'warning' : 'info', rule: 'broad-hook', message, file, line: null };
  }
}
