import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { GuestRequest } from '../../runtime/protocol/extensions.protocol.ts';
import type { ExtensionContext } from './extension-context.ts';
import { ExtensionError } from './extension-error.ts';
import type { ExtensionHandlers } from './extension-handlers.ts';
import type { GuestModule } from './guest-module.ts';
import { matchRoute } from './match-route.ts';

type AnyHandler = (...args: never[]) => unknown;
type Handlers = Readonly<Record<string, AnyHandler | Readonly<Record<string, AnyHandler>> | undefined>>;
type Call = (input: unknown, context: ExtensionContext) => unknown;
type ByName = Readonly<Record<string, Call>>;

/** Handlers that get the context alone, and those that get an input before it. */
const alone = ['onInstall', 'onStart', 'onStop', 'onUninstall', 'onHealth', 'onHandover'];
const withInput = ['onRequest', 'onEvent', 'onSchedule', 'onBefore', 'onAfter', 'onAdopt'];

/**
 * Declares an extension: its default export.
 *
 * @param manifest of `magflock.extension.json`, or a constant `as const satisfies ExtensionManifest`: with literal
 *   types the context has exactly what the manifest asks for
 * @throws ExtensionError MF620 when the manifest declares a route, event, schedule or hook that no handler serves,
 *   or a handler serves one that it does not declare; the extension does not load then
 */
export function defineExtension<const Manifest extends ExtensionManifest>(
  manifest: Manifest,
  handlers: ExtensionHandlers<Manifest>,
): GuestModule;
/** The same in one object. */
export function defineExtension<const Manifest extends ExtensionManifest>(
  definition: { readonly manifest: Manifest } & ExtensionHandlers<Manifest>,
): GuestModule;
export function defineExtension(first: object, second?: object): GuestModule {
  const { manifest, ...inOne } = first as { manifest: ExtensionManifest };
  return second === undefined
    ? guestModule(manifest, inOne as Handlers)
    : guestModule(first as ExtensionManifest, second as Handlers);
}

function guestModule(manifest: ExtensionManifest, handlers: Handlers): GuestModule {
  assertServed(manifest, handlers);
  const module: Record<string, unknown> = { manifest };
  const serve = (name: string, call: Call): void => {
    module[name] = withLog(call);
  };
  for (const name of alone) {
    const handler = handlers[name] as Call | undefined;
    if (handler !== undefined) serve(name, onlyContext(handler));
  }
  for (const name of withInput) {
    const handler = handlers[name] as Call | undefined;
    if (handler !== undefined) serve(name, handler);
  }
  const { routes, events, schedules } = handlers as Readonly<Record<string, ByName | undefined>>;
  if (routes !== undefined) serve('onRequest', byRoute(routes) as Call);
  if (events !== undefined) {
    serve('onEvent', (input, context) => {
      const { name, payload } = input as { readonly name: string; readonly payload: unknown };
      return named(events, name, 'event')(payload, context);
    });
  }
  if (schedules !== undefined) {
    serve('onSchedule', (run, context) =>
      named(schedules, (run as { readonly name: string }).name, 'schedule')(run, context),
    );
  }
  return module as unknown as GuestModule;
}

/** The caller hears of an error its code and message; where it came from is for the author, in the log. */
function withLog(call: Call): Call {
  const failed = (error: unknown, { log }: ExtensionContext): never => {
    // One that was meant is no fault.
    if (!(error instanceof ExtensionError))
      log.error(error instanceof Error ? `${error.stack}` : String(error));
    throw error;
  };
  return (input, context) => {
    try {
      const result = call(input, context);
      return result instanceof Promise ? result.catch((error: unknown) => failed(error, context)) : result;
    } catch (error) {
      return failed(error, context);
    }
  };
}

function onlyContext(handler: Call): Call {
  const call = handler as unknown as (context: ExtensionContext) => unknown;
  return (_input, context) => call(context);
}

function byRoute(routes: ByName): (request: GuestRequest, context: ExtensionContext) => unknown {
  const keys = Object.keys(routes);
  return (request, context) => {
    const matched = matchRoute(keys, request.method, request.path);
    if (matched === undefined) {
      return { status: 404, body: { message: `There is no ${request.method} ${request.path} here.` } };
    }
    return named(routes, matched.key, 'route')({ ...request, params: matched.params }, context);
  };
}

function named(handlers: ByName, name: string, kind: string): Call {
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler === undefined) throw new ExtensionError('MF662', `There is no handler for ${kind} "${name}".`);
  return handler;
}

/** What the manifest promises is served, and nothing else: found when the extension loads, not at the first call. */
function assertServed(manifest: ExtensionManifest, handlers: Handlers): void {
  const routes = (manifest.routes ?? []).map(({ method, path }) => `${method} ${path}`);
  assertSame('route', routes, handlers['routes'], handlers['onRequest']);
  assertSame('event', manifest.events ?? [], handlers['events'], handlers['onEvent']);
  const schedules = (manifest.schedules ?? []).map(({ name }) => name);
  assertSame('schedule', schedules, handlers['schedules'], handlers['onSchedule']);
  for (const [when, name] of [
    ['before', 'onBefore'],
    ['after', 'onAfter'],
  ] as const) {
    const declared = (manifest.hooks ?? []).some((hook) => hook.when === when);
    if (declared && handlers[name] === undefined) {
      throw new ExtensionError(
        'MF620',
        `The manifest declares a hook ${when} operations, but ${name} is not there.`,
      );
    }
    if (!declared && handlers[name] !== undefined) {
      throw new ExtensionError(
        'MF620',
        `${name} is there, but the manifest declares no hook ${when} operations.`,
      );
    }
  }
}

function assertSame(kind: string, declared: readonly string[], byName: unknown, one: unknown): void {
  if (one !== undefined && byName !== undefined) {
    throw new ExtensionError('MF620', `Handlers for ${kind}s are given both by name and as one function.`);
  }
  if (one !== undefined) return;
  const served = Object.keys(byName ?? {});
  const missing = declared.find((name) => !served.includes(name));
  if (missing !== undefined) {
    throw new ExtensionError(
      'MF620',
      `The manifest declares the ${kind} "${missing}", but no handler serves it.`,
    );
  }
  const surplus = served.find((name) => !declared.includes(name));
  if (surplus !== undefined) {
    throw new ExtensionError(
      'MF620',
      `There is a handler for the ${kind} "${surplus}", but the manifest has none.`,
    );
  }
}
