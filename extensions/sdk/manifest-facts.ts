import type {
  CapabilityName,
  ExtensionManifest,
  ManifestRoute,
} from '../../runtime/protocol/extension-manifest.ts';

/** What the types of a literal manifest say; one that is typed as `ExtensionManifest` only allows everything. */
export interface ManifestFacts<Manifest extends ExtensionManifest> {
  readonly capabilities: CapabilitiesOf<Manifest>;
  readonly routes: RouteKey<Manifest>;
  readonly config: ConfigOf<Manifest>;
}

type PermissionsOf<Manifest extends ExtensionManifest> = Manifest['permissions'][number];

/** Names of the capabilities that the manifest asks for. */
export type CapabilitiesOf<Manifest extends ExtensionManifest> = PermissionsOf<Manifest>['capability'];

/** `true`, `'optional'` when it also works without, or `false`. */
export type Asks<Manifest extends ExtensionManifest, Capability extends CapabilityName> =
  CapabilityName extends CapabilitiesOf<Manifest>
    ? true
    : Extract<PermissionsOf<Manifest>, { readonly capability: Capability }> extends infer Found
      ? [Found] extends [never]
        ? false
        : [Found] extends [{ readonly optional: true }]
          ? 'optional'
          : true
      : false;

/** Words of the scope of a capability; any text when `*` is among them. */
export type ScopeOf<Manifest extends ExtensionManifest, Capability extends CapabilityName> =
  Extract<
    PermissionsOf<Manifest>,
    { readonly capability: Capability; readonly scope: readonly string[] }
  > extends infer Found
    ? [Found] extends [never]
      ? string
      : Found extends { readonly scope: readonly (infer Word)[] }
        ? '*' extends Word
          ? string
          : Word & string
        : string
    : string;

type KeyOfRoute<Route> = Route extends ManifestRoute ? `${Route['method']} ${Route['path']}` : never;

/** Items of a list of the manifest; never without the list. */
type ItemOf<
  Manifest extends ExtensionManifest,
  List extends 'routes' | 'events' | 'schedules',
> = List extends keyof Manifest
  ? NonNullable<Manifest[List]> extends readonly (infer Item)[]
    ? Item
    : never
  : never;

/** `GET /hello/:who`: a route as its handler is named. */
export type RouteKey<Manifest extends ExtensionManifest> = KeyOfRoute<ItemOf<Manifest, 'routes'>>;

type NamesIn<Path extends string> = Path extends `${infer Segment}/${infer Rest}`
  ? NamesIn<Segment> | NamesIn<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : Path extends '*'
      ? '*'
      : never;

/** Parameters in the path of a route: `who` of `GET /hello/:who`, and `*` of a last segment that takes the rest. */
export type ParamsOf<Key extends string> = string extends Key
  ? Readonly<Record<string, string>>
  : Key extends `${string} ${infer Path}`
    ? { readonly [Name in NamesIn<Path>]: string }
    : never;

/** Names of the events that wake it. */
export type EventName<Manifest extends ExtensionManifest> = ItemOf<Manifest, 'events'> & string;

/** Names of its schedules. */
export type ScheduleName<Manifest extends ExtensionManifest> =
  ItemOf<Manifest, 'schedules'> extends { readonly name: infer Name extends string } ? Name : never;

type Scalar<Schema> = Schema extends { readonly enum: readonly (infer Value)[] }
  ? Value
  : Schema extends { readonly type: 'string' }
    ? string
    : Schema extends { readonly type: 'number' | 'integer' }
      ? number
      : Schema extends { readonly type: 'boolean' }
        ? boolean
        : string | number | boolean;

/** Names that are there: required ones, and those with a default. */
type PresentIn<Properties, Schema> =
  | (Schema extends { readonly required: readonly (infer Name)[] } ? Name : never)
  | {
      [Name in keyof Properties]: Properties[Name] extends { readonly default: unknown } ? Name : never;
    }[keyof Properties];

/** What the operator set, typed by the JSON Schema of the manifest. What is not required may be absent. */
export type ConfigOf<Manifest extends ExtensionManifest> = Manifest extends {
  readonly config: { readonly properties: infer Properties } & infer Schema;
}
  ? {
      readonly [Name in keyof Properties & PresentIn<Properties, Schema>]: Scalar<Properties[Name]>;
    } & {
      readonly [Name in Exclude<keyof Properties, PresentIn<Properties, Schema>>]?: Scalar<Properties[Name]>;
    }
  : Readonly<Record<string, string | number | boolean>>;
