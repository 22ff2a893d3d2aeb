import type { CapabilityName, ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type {
  Cache,
  CatalogReader,
  DatabaseOwn,
  DatabaseRead,
  DatabaseWrite,
  Events,
  Files,
  Network,
  Secrets,
} from './capability-members.ts';
import type { Asks, ConfigOf, ScopeOf } from './manifest-facts.ts';

/** Lines for the extension's log, which `magflock ext logs` shows. */
export interface GuestLog {
  debug(message: string, facts?: object): void;
  info(message: string, facts?: object): void;
  warn(message: string, facts?: object): void;
  error(message: string, facts?: object): void;
}

/** What every extension has, whatever it was granted. */
export interface ContextBase<Manifest extends ExtensionManifest> {
  readonly extension: { readonly id: string; readonly version: string };
  /** Project of this call; null where none called: starts, stops, health. */
  readonly project: string | null;
  /** Of the request this call belongs to; null without one. */
  readonly requestId: string | null;
  readonly config: ConfigOf<Manifest>;
  readonly log: GuestLog;
  /** Milliseconds since the epoch; coarse and still during a turn for code without a signature. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Whether this was granted when the extension was loaded. A member that was not granted refuses with MF610. */
  has(capability: CapabilityName): boolean;
  /** The same context for another project that the extension was installed in. */
  in(project: string): ExtensionContext<Manifest>;
}

/** The member, one that may be absent, or none. */
type Member<
  Manifest extends ExtensionManifest,
  Capability extends CapabilityName,
  Name extends string,
  Value,
> =
  Asks<Manifest, Capability> extends true
    ? { readonly [Key in Name]: Value }
    : Asks<Manifest, Capability> extends 'optional'
      ? { readonly [Key in Name]?: Value }
      : unknown;

type Database<Manifest extends ExtensionManifest> = Member<Manifest, 'db.read', 'read', DatabaseRead> &
  Member<Manifest, 'db.write', 'write', DatabaseWrite> &
  Member<Manifest, 'db.schema', 'own', DatabaseOwn> &
  // The name of the extension's own schema.
  Member<Manifest, 'db.schema', 'schema', string>;

type DatabaseMember<Manifest extends ExtensionManifest> =
  unknown extends Database<Manifest>
    ? unknown
    : true extends Asks<Manifest, 'db.read' | 'db.write' | 'db.schema'>
      ? { readonly db: Database<Manifest> }
      : { readonly db?: Database<Manifest> };

/**
 * What a handler gets besides its input. A member that reaches outside is there only when the manifest asks for
 * it; one whose permission is `optional` may not have been granted: ask `has` before. Using what the manifest does not
 * ask for at all ends the extension.
 */
export type ExtensionContext<Manifest extends ExtensionManifest = ExtensionManifest> = ContextBase<Manifest> &
  DatabaseMember<Manifest> &
  Member<Manifest, 'cache', 'cache', Cache> &
  Member<Manifest, 'events.emit', 'events', Events<ScopeOf<Manifest, 'events.emit'>>> &
  Member<Manifest, 'net.fetch', 'net', Network> &
  Member<Manifest, 'files', 'files', Files> &
  Member<Manifest, 'secrets.read', 'secrets', Secrets<ScopeOf<Manifest, 'secrets.read'>>> &
  Member<Manifest, 'catalog.read', 'catalog', CatalogReader>;
