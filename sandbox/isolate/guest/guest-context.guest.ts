import type { GuestClock } from './guest-clock.guest.ts';
import type { GuestLogWriter } from './guest-log.guest.ts';
import type { GuestSettings } from './guest-settings.ts';

/** Asks the host. @param call number of the call on whose behalf, 0 for none */
export type GuestSyscall = (
  capability: string,
  method: string,
  args: readonly unknown[],
  call: number,
) => Promise<unknown>;

export type MakeContext = (call: number, project: string | null, requestId: string | null) => object;

/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Makes what handlers get as `context`. What was not granted is there too, but does not show: using it must reach the
 * host, which refuses it, and raises the alarm when the manifest does not declare it.
 */
export function guestContext(
  settings: GuestSettings,
  syscall: GuestSyscall,
  clock: GuestClock,
  write: GuestLogWriter,
): MakeContext {
  const freeze = Object.freeze;
  const has = (name: string): boolean => settings.capabilities.includes(name);
  const deepFreeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) {
      for (const one of Object.values(value)) deepFreeze(one);
      freeze(value);
    }
    return value;
  };
  const extension = deepFreeze({ ...settings.extension });
  const config = deepFreeze({ ...settings.config });
  const log = freeze({
    debug: (...parts: unknown[]) => write(0, parts),
    info: (...parts: unknown[]) => write(1, parts),
    warn: (...parts: unknown[]) => write(2, parts),
    error: (...parts: unknown[]) => write(3, parts),
  });
  /** Group in the context, capability, members; a group with an empty name is the member itself. */
  const table: readonly (readonly [readonly string[], string, readonly string[]])[] = [
    [['db', 'read'], 'db.read', ['query']],
    [['db', 'write'], 'db.write', ['query']],
    [['db', 'own'], 'db.schema', ['query']],
    [['cache'], 'cache', ['get', 'set', 'delete']],
    [['events'], 'events.emit', ['emit']],
    [['net'], 'net.fetch', ['fetch']],
    [['files'], 'files', ['read', 'write', 'list', 'remove']],
    [['secrets'], 'secrets.read', ['read']],
    [['catalog'], 'catalog.read', ['tables']],
  ];
  const tops = [...new Set(table.map(([[top]]) => top as string))];
  const shown = new Set(table.filter(([, capability]) => has(capability)).map(([[top]]) => top as string));
  const hasGranted = freeze((name: unknown): boolean => typeof name === 'string' && has(name));
  // As Storage names it: `acme/slug` has `ext_slug`.
  const schema = `ext_${settings.extension.id.replace(/^.*[./]/, '').replaceAll('-', '_')}`;

  const group = (top: string, call: number, suffix: string): object => {
    const made: Record<string, unknown> = {};
    for (const [[first, second], capability, methods] of table) {
      if (first !== top) continue;
      const members: Record<string, unknown> = {};
      for (const method of methods) {
        members[method] = (...args: unknown[]): Promise<unknown> =>
          syscall(capability, `${method}${suffix}`, args, call);
      }
      if (second === undefined) Object.assign(made, members);
      else Object.defineProperty(made, second, { value: freeze(members), enumerable: has(capability) });
    }
    if (top === 'db' && has('db.schema')) made['schema'] = schema;
    return freeze(made);
  };

  /** Made once, not per call, since most calls touch none. A private field cannot be forged. */
  class Hidden {
    readonly #call: number;
    readonly #suffix: string;
    constructor(call: number, suffix: string) {
      this.#call = call;
      this.#suffix = suffix;
    }
    static group(of: Hidden, top: string): object {
      return group(top, of.#call, of.#suffix);
    }
  }
  Reflect.deleteProperty(Hidden.prototype, 'constructor');
  for (const top of tops) {
    Object.defineProperty(Hidden.prototype, top, {
      get(this: Hidden) {
        return Hidden.group(this, top);
      },
    });
  }
  freeze(Hidden.prototype);

  const make = (call: number, project: string | null, requestId: string | null, suffix: string): object => {
    const context = new Hidden(call, suffix) as unknown as Record<string, unknown>;
    context['extension'] = extension;
    context['config'] = config;
    context['project'] = project;
    context['requestId'] = requestId;
    context['log'] = log;
    context['now'] = clock.now;
    context['random'] = Math.random;
    context['has'] = hasGranted;
    context['in'] = (other: unknown): object => {
      if (typeof other !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(other)) {
        throw new TypeError('in() takes the name of a project');
      }
      return make(call, other, requestId, `@${other}`);
    };
    for (const top of shown) {
      // Made at first use: most calls of a hook need none.
      let made: object | undefined;
      Object.defineProperty(context, top, {
        get: () => {
          made ??= group(top, call, suffix);
          return made;
        },
        enumerable: true,
      });
    }
    return freeze(context);
  };
  return (call, project, requestId) => make(call, project, requestId, '');
}
