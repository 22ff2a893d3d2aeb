import ivm from 'isolated-vm';
import type { LoadRequest } from '../protocol/load-request.ts';
import { AsyncLanes } from './async-lanes.ts';
import { bootstrapSource } from './guest/bootstrap-source.ts';
import type { GuestSettings } from './guest/guest-settings.ts';
import type { GuestIsolate, IsolateHost } from './guest-isolate.ts';
import { HostedGuest } from './hosted-guest.ts';
import { isolateLimits } from './isolate-limits.ts';
import { Outlet } from './outlet.ts';
import { outletLayout } from './outlet-layout.ts';

/** Shared by all isolates of this process, as isolated-vm's threads are. */
const lanes = new AsyncLanes();

/**
 * Makes an isolate in this process and loads a guest into it. Node must run with `--no-node-snapshot`.
 * @throws Error with code MF660 when the guest does not load: its syntax, an import, an error at its top level, more
 *   time or memory than it may take. The message names no path of the host.
 */
export async function createGuestIsolate(request: LoadRequest, host: IsolateHost): Promise<GuestIsolate> {
  if (request.code.length > isolateLimits.source) throw loadError('its source is too long');
  let hosted: HostedGuest | undefined;
  let lost: string | undefined;
  const isolate = new ivm.Isolate({
    memoryLimit: Math.max(isolateLimits.minMemoryMegabytes, request.memoryMegabytes),
    onCatastrophicError: (message) => {
      lost = message;
      if (hosted === undefined) host.catastrophe?.(message);
      else hosted.lose('the engine lost control of the isolate');
    },
  });
  try {
    const context = isolate.createContextSync();
    const outlet = new Outlet();
    const dispatcher = context.evalClosureSync(
      bootstrapSource,
      [JSON.stringify(settingsOf(request)), new ivm.ExternalCopy(outlet.memory).copyInto({ release: true })],
      { result: { reference: true }, filename: 'magflock:guest' },
    );
    const made = new HostedGuest({ isolate, dispatcher, outlet, request, host, lanes });
    const namespace = await evaluated(isolate, context, request);
    hosted = made;
    const failure = await made.adopt(namespace);
    if (failure !== undefined) throw loadError(failure);
    return made;
  } catch (error) {
    const ranOut = isolate.isDisposed;
    if (hosted !== undefined) void hosted.dispose();
    else if (!ranOut) isolate.dispose();
    if (lost !== undefined) throw loadError('the engine lost control of the isolate');
    throw error instanceof Error && 'code' in error ? error : loadError(reasonOf(error, ranOut));
  }
}

async function evaluated(
  isolate: ivm.Isolate,
  context: ivm.Context,
  { code, cpuMs }: LoadRequest,
): Promise<ivm.Reference> {
  const timeout = cpuMs * 2 + 20;
  // Getters of an error that the module throws run outside of the engine's own limit.
  const guard = setTimeout(() => isolate.dispose(), timeout * 2 + 5000);
  try {
    const module = await isolate.compileModule(code, { filename: 'extension.js' });
    const [imported] = module.dependencySpecifiers;
    if (imported !== undefined) {
      throw loadError(
        `it imports "${imported}"; bundle everything into one module, nothing can be imported here`,
      );
    }
    await module.instantiate(context, () => {
      throw new Error('nothing can be imported here');
    });
    await module.evaluate({ timeout });
    return module.namespace;
  } finally {
    clearTimeout(guard);
  }
}

function settingsOf(request: LoadRequest): GuestSettings {
  const { id, version, trust, config, capabilities, features, logLinesPerSecond, concurrentSyscalls } =
    request;
  const { payloadBytes, depth, errorDetails, logText, timers, timerMs } = isolateLimits;
  return {
    extension: { id, version },
    trust,
    config,
    capabilities,
    features,
    logLinesPerSecond,
    concurrentSyscalls,
    limits: { payloadBytes, depth, errorDetails, logText, timers, timerMs },
    outlet: { head: outletLayout.head, directItems: outletLayout.directItems },
  };
}

function reasonOf(error: unknown, ranOut: boolean): string {
  if (ranOut) return 'it took more memory or time than it may while it was loaded';
  // The stack has frames of the host; the message has not.
  if (error instanceof Error) return `${error.name}: ${error.message}`.slice(0, 2000);
  return `it threw ${typeof error}`;
}

function loadError(message: string): Error & { code: string } {
  return Object.assign(new Error(`The extension does not load: ${message}.`), { code: 'MF660' });
}
