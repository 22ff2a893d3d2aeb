import type { GuestClock } from './guest-clock.guest.ts';
import type { GuestSyscall, MakeContext } from './guest-context.guest.ts';
import type { GuestLogWriter } from './guest-log.guest.ts';
import type { GuestSettings } from './guest-settings.ts';

/** What the host calls in an isolate. Only text and numbers go in and out. */
export interface GuestDispatcher {
  /** Takes the namespace of the guest's module; says `h` and the names of its handlers, or `f` and why not. */
  adopt(now: number, namespace: { readonly default: unknown }): void;
  /**
   * One turn of the guest.
   * @param now what its clock stands at
   * @param items four each: kind, number, and two more by kind
   */
  turn(now: number, ...items: (string | number)[]): void;
  /**
   * What the guest had to say since and does not stand in the outlet: records separated by line feeds, their fields
   * by tabs. Later than what stands there.
   */
  drain(): string;
  /** Gives memory back that nothing needs. */
  rest(): void;
}

/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Runs after the language's objects were frozen, so that its ordinary method calls are the engine's. Values of the
 * guest may still be anything: proxies, objects with getters, promises that are none.
 */
export function guestDispatcher(
  settings: GuestSettings,
  clock: GuestClock,
  parts: {
    readonly log: (emit: (level: number, text: string) => void) => GuestLogWriter;
    readonly console: (write: GuestLogWriter) => void;
    readonly context: (syscall: GuestSyscall, write: GuestLogWriter) => MakeContext;
    readonly harden: () => void;
    /** The engine's own, where this process has it. */
    readonly collect: ((options: object) => void) | undefined;
  },
  outlet: SharedArrayBuffer,
): GuestDispatcher {
  const {
    payloadBytes,
    depth: deepest,
    errorDetails: mostDetails,
    timers: mostTimers,
    timerMs: longestTimer,
  } = settings.limits;
  const { head: headBytes, directItems } = settings.outlet;
  const { apply } = Reflect;
  let outbox: string[] = [];
  const outletHead = new Uint32Array(outlet, 0, 2);
  const outletText = new Uint8Array(outlet, headBytes);
  let isFew = true;
  /**
   * Short plain records of a turn with few items go out through shared memory; the others wait for `drain`, and all
   * that follow them, so that the order holds.
   */
  const say = (record: string): void => {
    if (isFew && outbox.length === 0 && putOut(record)) return;
    outbox.push(record);
    outletHead[1] = 1;
  };
  const putOut = (record: string): boolean => {
    const start = outletHead[0] as number;
    const { length } = record;
    if (start + length >= outletText.length) return false;
    let at = start;
    if (at > 0) {
      outletText[at] = 0x0a;
      at += 1;
    }
    let seen = 0;
    for (let from = 0; from < length; from += 1) {
      const unit = record.charCodeAt(from);
      seen |= unit;
      outletText[at + from] = unit;
    }
    if (seen > 0x7f) return false;
    outletHead[0] = at + length;
    return true;
  };
  const live = new Set<number>();
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const timers = new Map<number, () => void>();
  let lastSyscall = 0;
  let lastTimer = 0;
  let timerRecords = 0;
  let extension: unknown;
  let decoy: Promise<never>;
  // The host reads the first rejection that nobody handled after a turn, outside of every time limit, and would run
  // getters of the guest for it. This one comes first, and is a number.
  const shield = (): void => {
    decoy = Promise.reject(0);
    void decoy;
  };
  const handlers = new Map<string, unknown>();
  const names = [
    ...['onInstall', 'onStart', 'onStop', 'onUninstall', 'onRequest', 'onEvent', 'onSchedule', 'onBefore'],
    ...['onAfter', 'onHealth', 'onHandover', 'onAdopt'],
  ];

  class CapabilityError extends Error {
    readonly code: unknown;
    readonly fix: unknown;
    readonly details: unknown;
    readonly retryable: boolean;
    constructor(envelope: {
      code?: unknown;
      message?: unknown;
      fix?: unknown;
      details?: unknown;
      retryable?: unknown;
    }) {
      super(String(envelope.message));
      this.code = envelope.code;
      this.fix = envelope.fix;
      this.details = envelope.details;
      this.retryable = envelope.retryable === true;
    }
  }
  Object.defineProperty(CapabilityError.prototype, 'name', { value: 'CapabilityError' });

  const write = parts.log((level, text) => {
    say(`l\t${level}\t${JSON.stringify(text)}`);
  });

  /** JSON text of a value, within the bounds of what leaves. */
  const textOf = (value: unknown): string => {
    const text = JSON.stringify(value) ?? 'null';
    if (text.length > payloadBytes) {
      throw new CapabilityError({
        code: 'MF664',
        message: `${text.length} characters of JSON are too many, ${payloadBytes} are allowed`,
        details: { limit: 'payloadBytes', max: payloadBytes },
      });
    }
    if (text.length > 2 * deepest && isDeep(text)) {
      throw new CapabilityError({
        code: 'MF664',
        message: `JSON more than ${deepest} levels deep`,
        details: { limit: 'depth', max: deepest },
      });
    }
    return text;
  };
  const isDeep = (text: string): boolean => {
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) {
        at = text.indexOf('"', at + 1);
        // A quote with an odd number of backslashes before it does not end the text.
        for (;;) {
          let before = at - 1;
          while (text.charCodeAt(before) === 0x5c) before -= 1;
          if ((at - before) % 2 === 1) break;
          at = text.indexOf('"', at + 1);
        }
      } else if (unit === 0x5b || unit === 0x7b) {
        depth += 1;
        if (depth > deepest) return true;
      } else if (unit === 0x5d || unit === 0x7d) depth -= 1;
    }
    return false;
  };

  const settle = (call: number, value: unknown): void => {
    if (!live.has(call)) return;
    let text: string;
    try {
      text = textOf(value);
    } catch (error) {
      if (error instanceof CapabilityError && error.code === 'MF664' && live.delete(call)) {
        say(`b\t${call}\t`);
      } else fail(call, error);
      return;
    }
    if (live.delete(call)) say(`a\t${call}\t${text}`);
  };
  const fail = (call: number, error: unknown): void => {
    if (!live.has(call)) return;
    const text = errorText(error);
    if (live.delete(call)) say(`e\t${call}\t${text}`);
  };
  const short = (value: unknown, most: number): string | undefined =>
    typeof value === 'string' ? value.slice(0, most) : undefined;
  /** What is told of an error. Each read may run code of the guest, and throw. */
  const errorText = (error: unknown): string => {
    try {
      if (typeof error !== 'object' || error === null) {
        return JSON.stringify({ name: typeof error, message: short(`${String(error)}`, 2000) });
      }
      const { name, message, code, fix, details } = error as Record<string, unknown>;
      const facts = typeof details === 'object' && details !== null ? textOf(details) : 'null';
      return JSON.stringify({
        name: short(name, 100),
        message: short(message, 2000),
        code: short(code, 20),
        fix: short(fix, 1000),
        details: facts === 'null' || facts.length > mostDetails ? undefined : JSON.parse(facts),
      });
    } catch {
      return '{"name":"Error","message":"an error that cannot be read"}';
    }
  };

  const syscall: GuestSyscall = (capability, method, args, call) => {
    if (pending.size >= settings.concurrentSyscalls) {
      return Promise.reject(
        new CapabilityError({
          code: 'MF664',
          message: `${settings.concurrentSyscalls} capability calls are under way already`,
          details: { limit: 'concurrentSyscalls', max: settings.concurrentSyscalls },
          retryable: true,
        }),
      );
    }
    let text: string;
    try {
      text = textOf(args);
    } catch (error) {
      return Promise.reject(error);
    }
    lastSyscall += 1;
    const number = lastSyscall;
    return new Promise((resolve, reject) => {
      pending.set(number, { resolve, reject });
      say(`s\t${number}\t${call}\t${capability}\t${method}\t${text}`);
    });
  };

  const makeContext = parts.context(syscall, write);
  parts.console(write);
  if (settings.trust !== 'unsigned') {
    const world: Record<string, unknown> = {
      setTimeout(callback: unknown, ms?: unknown, ...args: unknown[]): number {
        if (typeof callback !== 'function') throw new TypeError('setTimeout takes a function');
        timerRecords += 1;
        if (timers.size >= mostTimers || timerRecords > 4 * mostTimers)
          throw new RangeError(`${mostTimers} timers are set already`);
        const asked = Number(ms);
        const wait = asked > 0 ? (asked < longestTimer ? asked : longestTimer) : 0;
        lastTimer += 1;
        timers.set(lastTimer, () => apply(callback, undefined, args));
        say(`t\t${lastTimer}\t${wait}`);
        return lastTimer;
      },
      clearTimeout(timer: unknown): void {
        if (typeof timer === 'number' && timers.delete(timer)) say(`u\t${timer}`);
      },
    };
    for (const name of ['setTimeout', 'clearTimeout']) {
      Reflect.defineProperty(globalThis, name, { value: world[name], writable: true, configurable: true });
    }
  }
  parts.harden();
  Object.freeze(CapabilityError.prototype);
  Object.freeze(CapabilityError);

  const call = (number: number, name: string, payload: string): void => {
    live.add(number);
    try {
      const result = invoke(number, name, payload);
      if (isThenable(result)) {
        // Its own `then` runs once, in a turn of its own, whatever it does.
        void (async () => result)().then(
          (value) => settle(number, value),
          (error) => fail(number, error),
        );
      } else settle(number, result);
    } catch (error) {
      fail(number, error);
    }
  };
  const invoke = (number: number, name: string, payload: string): unknown => {
    const handler = handlers.get(name);
    if (handler === undefined) {
      if (name !== 'onRequest') return null;
      throw new CapabilityError({ code: 'MF605', message: 'The extension has no onRequest.' });
    }
    const input = JSON.parse(payload) as { project?: unknown; requestId?: unknown } | null;
    const project = short(input?.project, 200) ?? null;
    const context = makeContext(number, project, short(input?.requestId, 200) ?? null);
    return apply(handler as () => unknown, extension, [input, context]);
  };
  const isThenable = (value: unknown): value is PromiseLike<unknown> =>
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function';

  return {
    adopt(now, namespace) {
      shield();
      clock.set(now);
      try {
        try {
          extension = namespace.default;
        } catch {
          throw new TypeError('its top level awaits something that does not come');
        }
        if (typeof extension !== 'object' || extension === null) {
          throw new TypeError('the default export must be the extension object');
        }
        for (const name of names) {
          const handler = (extension as Record<string, unknown>)[name];
          if (typeof handler === 'function') handlers.set(name, handler);
          else if (handler !== undefined && handler !== null)
            throw new TypeError(`${name} must be a function`);
        }
        say(`h\t0\t${[...handlers.keys()].join()}`);
      } catch (error) {
        say(`f\t0\t${errorText(error)}`);
      }
    },
    turn(now, ...items) {
      shield();
      clock.set(now);
      timerRecords = 0;
      isFew = items.length <= 4 * directItems;
      for (let at = 0; at < items.length; at += 4) {
        const number = items[at + 1] as number;
        const third = items[at + 2];
        const fourth = items[at + 3] as string;
        switch (items[at]) {
          case 'c':
            call(number, third as string, fourth);
            break;
          case 'r': {
            const waiting = pending.get(number);
            if (waiting === undefined) break;
            pending.delete(number);
            try {
              const value = JSON.parse(fourth);
              if (third === 1) waiting.resolve(value);
              else waiting.reject(new CapabilityError(value));
            } catch (error) {
              waiting.reject(error);
            }
            break;
          }
          case 't': {
            const timer = timers.get(number);
            timers.delete(number);
            try {
              timer?.();
            } catch (error) {
              write(3, [error]);
            }
            break;
          }
          case 'x':
            live.delete(number);
            break;
          default:
        }
      }
    },
    drain() {
      const said = outbox;
      outbox = [];
      outletHead[1] = 0;
      return said.join('\n');
    },
    rest() {
      parts.collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    },
  };
}
