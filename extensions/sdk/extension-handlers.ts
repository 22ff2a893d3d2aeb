import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type {
  AfterHookResult,
  BeforeHookResult,
  GuestRequest,
  GuestResponse,
  HookFacts,
} from '../../runtime/protocol/extensions.protocol.ts';
import type { ExtensionContext } from './extension-context.ts';
import type { EventName, ParamsOf, RouteKey, ScheduleName } from './manifest-facts.ts';

type Later<Value> = Value | Promise<Value>;
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is one too
type Nothing = void | undefined | null;

/** A request to one route, with the parameters of its path. */
export interface RouteRequest<Key extends string = string> extends Omit<GuestRequest, 'params'> {
  readonly params: ParamsOf<Key>;
}

/** A schedule that is due. */
export interface ScheduleRun {
  readonly name: string;
  /** When it was due, ISO 8601. */
  readonly at: string;
}

export interface GuestHealth {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly summary: string;
}

/** An after-hook also knows the answer. */
export interface AfterHookFacts extends HookFacts {
  readonly answer: { readonly status: number; readonly body: unknown };
}

type Named<Name extends string, Key extends string, Handler> = [Key] extends [never]
  ? { readonly [K in Name]?: undefined }
  : { readonly [K in Name]?: { readonly [N in Key]: Handler } };

type Routes<Manifest extends ExtensionManifest> = [RouteKey<Manifest>] extends [never]
  ? { readonly routes?: undefined }
  : {
      /** A handler per route of the manifest: `'GET /hello/:who': (request, context) => …`. */
      readonly routes?: {
        readonly [Key in RouteKey<Manifest>]: (
          request: RouteRequest<Key>,
          context: ExtensionContext<Manifest>,
        ) => Later<GuestResponse>;
      };
    };

/** Handlers of one extension. All are optional, but what the manifest declares needs one. */
export type ExtensionHandlers<Manifest extends ExtensionManifest> = {
  /** Once, after its migrations ran. */
  onInstall?(context: ExtensionContext<Manifest>): Later<Nothing>;
  onStart?(context: ExtensionContext<Manifest>): Later<Nothing>;
  onStop?(context: ExtensionContext<Manifest>): Later<Nothing>;
  /** Last call before it is removed. */
  onUninstall?(context: ExtensionContext<Manifest>): Later<Nothing>;
  /** Any request, in place of `routes`. */
  onRequest?(request: GuestRequest, context: ExtensionContext<Manifest>): Later<GuestResponse>;
  /** Any event, in place of `events`. */
  onEvent?(
    event: { readonly name: string; readonly payload: unknown },
    context: ExtensionContext<Manifest>,
  ): Later<Nothing>;
  /** Any schedule, in place of `schedules`. */
  onSchedule?(run: ScheduleRun, context: ExtensionContext<Manifest>): Later<Nothing>;
  /** Before an operation of the data API that a hook of the manifest names. Nothing returned lets it pass. */
  onBefore?(facts: HookFacts, context: ExtensionContext<Manifest>): Later<BeforeHookResult | Nothing>;
  onAfter?(facts: AfterHookFacts, context: ExtensionContext<Manifest>): Later<AfterHookResult | Nothing>;
  onHealth?(context: ExtensionContext<Manifest>): Later<GuestHealth>;
  /** What the next version takes over, any JSON. */
  onHandover?(context: ExtensionContext<Manifest>): Later<unknown>;
  onAdopt?(
    handover: { readonly fromVersion: string; readonly state: unknown },
    context: ExtensionContext<Manifest>,
  ): Later<Nothing>;
} & Routes<Manifest> &
  Named<
    'events',
    EventName<Manifest>,
    (payload: unknown, context: ExtensionContext<Manifest>) => Later<Nothing>
  > &
  Named<
    'schedules',
    ScheduleName<Manifest>,
    (run: ScheduleRun, context: ExtensionContext<Manifest>) => Later<Nothing>
  >;
