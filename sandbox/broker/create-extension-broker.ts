import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CapabilityName, ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import type { ExtensionMeter } from '../quota/extension-meter.ts';
import type { Capability, CapabilityCall } from './capability.ts';
import { covers } from './covers.ts';
import type { BrokerRequest, ExtensionBroker } from './extension-broker.ts';
import { grantBook } from './grant-book.ts';
import { isDeeperThan } from './is-deeper-than.ts';

export interface ExtensionBrokerOptions {
  /** Id of the extension. */
  readonly id: string;
  readonly name: string;
  readonly manifest: Pick<ExtensionManifest, 'permissions'>;
  readonly grants: readonly Grant[];
  /** Projects it was installed for. */
  readonly projects: readonly string[];
  /** Made for this broker alone: `close` releases them. */
  readonly capabilities: readonly Capability[];
  readonly meter: ExtensionMeter;
  /** Announces a refusal; at most once a second per capability. */
  readonly denied: (facts: { readonly id: string; readonly capability: string }) => void;
  /** The guest used what its manifest does not declare: end it. The name is hostile, made printable. */
  readonly threat: (facts: { readonly id: string; readonly capability: string }) => void;
  /** Hears what the guest must not: the whole error of a capability that failed. */
  readonly failed?: (error: unknown) => void;
  /** System calls under way at the same time; default 256. */
  readonly concurrentSyscalls?: number;
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
}

interface ActiveCall {
  readonly capability: CapabilityName;
  readonly scopes: readonly string[];
  end(error: MagFlockError): void;
}

interface Admitted {
  readonly capability: Capability;
  readonly method: string;
  readonly project: string;
  readonly scopes: readonly string[];
  readonly args: readonly unknown[];
}

const mostArguments = 16;
const mostNesting = 64;
const mostConcurrent = 256;
const tellEveryMs = 1_000;
/** What is under way gets this long to notice that it was aborted, and each capability to free what it holds. */
const closeMs = 2_000;

/** Makes the door between one extension and the machine. */
export function createExtensionBroker(options: ExtensionBrokerOptions): ExtensionBroker {
  const { id, meter } = options;
  const now = options.now ?? Date.now;
  const declared: ReadonlySet<string> = new Set(options.manifest.permissions.map((one) => one.capability));
  const capabilities = new Map<string, Capability>(options.capabilities.map((one) => [one.name, one]));
  const projects: ReadonlySet<string> = new Set(options.projects);
  const onlyProject = options.projects.length === 1 ? options.projects[0] : undefined;
  const mostActive = options.concurrentSyscalls ?? mostConcurrent;
  const active = new Set<ActiveCall>();
  const running = new Set<Promise<unknown>>();
  const told = new Map<string, number>();
  let disk = 0;
  let closed = false;

  const book = grantBook({
    requested: options.manifest.permissions,
    granted: options.grants,
    now,
    changed() {
      for (const capability of options.capabilities) capability.changed?.(id);
      for (const call of [...active]) {
        const held = book.scopes(call.capability);
        if (call.scopes.every((scope) => covers(call.capability, held, scope))) continue;
        call.end(refusal(call.capability, 'its grant has ended', 'The operator has to grant it again.'));
      }
    },
  });

  function refusal(capability: string, why: string, fix: string, more: object = {}): MagFlockError {
    const at = now();
    if (at - (told.get(capability) ?? Number.NEGATIVE_INFINITY) >= tellEveryMs) {
      // Undeclared names are the guest's invention; remembering them would let it fill this map.
      if (declared.has(capability)) told.set(capability, at);
      options.denied({ id, capability });
    }
    return new MagFlockError('MF610', `The extension ${id} may not use ${capability}: ${why}.`, {
      fix,
      details: { extension: id, capability, ...more },
    });
  }

  /** The checks of every call, in order: the cheap ones first, and nothing of the arguments is read before. */
  function admit(request: BrokerRequest): Admitted {
    if (closed) throw ended(id);
    meter.syscall();
    if (active.size >= mostActive) {
      throw new MagFlockError('MF664', `The extension ${id} has ${mostActive} system calls under way.`, {
        details: { limit: 'concurrentSyscalls', max: mostActive },
      });
    }
    const name = text(request.capability);
    if (!declared.has(name)) {
      const shown = printable(name);
      options.threat({ id, capability: shown });
      throw refusal(shown, 'its manifest does not declare it', 'Declare it in the manifest.', {
        undeclared: true,
      });
    }
    const scopes = book.scopes(name as CapabilityName);
    if (scopes.length === 0) throw refusal(name, 'nobody granted it', 'The operator has to grant it.');
    const [method, project] = target(request, name);
    const capability = capabilities.get(name);
    if (capability === undefined || !Object.hasOwn(capability.methods, method)) {
      throw new MagFlockError('MF605', `${name} has no method ${printable(method)}.`);
    }
    const deadline = request.deadline;
    if (!Number.isFinite(deadline) || deadline <= now()) throw late(name, method);
    if (!Array.isArray(request.args) || request.args.length > mostArguments) {
      throw new MagFlockError('MF422', `${name} takes an array of at most ${mostArguments} arguments.`);
    }
    if (isDeeperThan(request.args, mostNesting)) {
      throw new MagFlockError('MF422', `Arguments may be nested ${mostNesting} deep.`);
    }
    return { capability, method, project, scopes, args: request.args };
  }

  function target(request: BrokerRequest, capability: string): readonly [method: string, project: string] {
    const named = text(request.method);
    const at = named.indexOf('@');
    const method = at === -1 ? named : named.slice(0, at);
    const project = at === -1 ? (request.project ?? onlyProject) : named.slice(at + 1);
    if (project === undefined) {
      throw refusal(capability, 'the call is for no project', 'Name one: context.in(project).');
    }
    if (!projects.has(project)) {
      throw refusal(
        capability,
        `the project ${printable(project)} is none of its own`,
        'The operator has to install it for that project.',
      );
    }
    return [method, project];
  }

  function carryOut(request: BrokerRequest, admitted: Admitted): Promise<unknown> {
    const { capability, method, project, scopes, args } = admitted;
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      let over: MagFlockError | true | undefined;
      let rows = 0;

      function finish(how: MagFlockError | true): void {
        over = how;
        active.delete(entry);
        clearTimeout(timer);
        request.signal.removeEventListener('abort', cancelled);
      }
      function end(error: MagFlockError): void {
        if (over !== undefined) return;
        finish(error);
        controller.abort(error);
        reject(error);
      }
      const cancelled = (): void => end(ended(id));
      const entry: ActiveCall = { capability: capability.name, scopes, end };
      const timer = setTimeout(
        () => end(late(capability.name, method)),
        Math.min(Math.max(1, request.deadline - now()), 2 ** 31 - 1),
      );
      active.add(entry);
      request.signal.addEventListener('abort', cancelled, { once: true });
      if (request.signal.aborted) return cancelled();

      const call: CapabilityCall = {
        extension: id,
        name: options.name,
        project,
        requestId: request.requestId,
        scopes,
        args,
        signal: controller.signal,
        deadline: request.deadline,
        spend(quota, amount) {
          // Giving back is always possible; taking is not once the call has ended.
          if (over !== undefined && amount > 0) throw over === true ? ended(id) : over;
          meter.spend(quota, amount, rows);
          if (quota === 'rows') rows += amount;
          if (quota === 'disk') disk += amount;
        },
      };
      const work = start(capability, method, call).then(
        (value) => {
          // The grant may have run out meanwhile: its scopes look at the clock and end this call.
          book.scopes(capability.name);
          if (over !== undefined) return;
          finish(true);
          resolve(value);
        },
        (error: unknown) => {
          if (over !== undefined) return;
          finish(true);
          reject(forGuest(error, capability.name, method));
        },
      );
      running.add(work);
      void work.finally(() => running.delete(work));
    });
  }

  /** What a guest gets to see: no cause, since causes name host paths and addresses. */
  function forGuest(error: unknown, capability: string, method: string): MagFlockError {
    const known = MagFlockError.is(error);
    if (!known || error.cause !== undefined) options.failed?.(error);
    if (!known) return new MagFlockError('MF699', `${capability}.${method} failed.`);
    if (error.cause === undefined) return error;
    const { fix, details, retryable } = error;
    return new MagFlockError(error.code, error.message, { fix, details, retryable });
  }

  return {
    async syscall(request) {
      return carryOut(request, admit(request));
    },
    scopes: (capability) => (closed ? [] : book.scopes(capability)),
    regrant(grants) {
      if (!closed) book.regrant(grants);
    },
    async close() {
      if (closed) return;
      closed = true;
      book.close();
      for (const call of [...active]) call.end(ended(id));
      await settled([...running], closeMs);
      await settled(
        options.capabilities.map(async (one) => one.release?.(id)),
        closeMs,
      );
      if (disk !== 0) meter.spend('disk', -disk);
    },
  };
}

/** A method that throws at once fails like one that throws later. */
async function start(capability: Capability, method: string, call: CapabilityCall): Promise<unknown> {
  return capability.methods[method]?.(call);
}

async function settled(work: readonly Promise<unknown>[], ms: number): Promise<void> {
  if (work.length === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([Promise.allSettled(work), promise]);
  clearTimeout(timer);
}

function ended(id: string): MagFlockError {
  return new MagFlockError('MF601', `The extension ${id} or its call has ended.`, { retryable: false });
}

function late(capability: string, method: string): MagFlockError {
  return new MagFlockError('MF602', `${capability}.${printable(method)} was not done before the deadline.`);
}

/** What should be a name, but came from a cage. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Names a guest made up, for messages and events. */
function printable(text: string): string {
  return text.slice(0, 64).replace(/[^\w.@-]/g, '?');
}
