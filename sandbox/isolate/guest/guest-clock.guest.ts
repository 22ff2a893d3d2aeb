import type { GuestSettings } from './guest-settings.ts';

export interface GuestClock {
  /** The time that the guest sees stands at this from now on; of no effect when it may see the real one. */
  set(now: number): void;
  now(): number;
  /** For the bounds of the host's own code in here only. */
  real(): number;
}

/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Without a signature the clock stands still during a turn, in all ways to read it: a guest that can time itself can
 * read what is not its own out of the processor's caches.
 */
export function guestClock(settings: GuestSettings): GuestClock {
  const Real = Date;
  const real = Real.now;
  if (settings.trust !== 'unsigned') return { set: () => {}, now: () => real(), real: () => real() };
  let standing = 0;
  const construct = Reflect.construct;
  const text = Real.prototype.toString;
  const Standing = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return Reflect.apply(text, construct(Real, [standing]), []);
    return construct(Real, args.length === 0 ? [standing] : args, new.target);
  };
  Reflect.defineProperty(Standing, 'name', { value: 'Date', configurable: true });
  Reflect.defineProperty(Standing, 'length', { value: 7, configurable: true });
  const members: Record<string, unknown> = {
    parse: Real.parse,
    UTC: Real.UTC,
    now: { now: () => standing }.now,
  };
  for (const name of Reflect.ownKeys(members) as string[]) {
    Reflect.defineProperty(Standing, name, { value: members[name], writable: true, configurable: true });
  }
  Reflect.defineProperty(Standing, 'prototype', { value: Real.prototype, writable: false });
  Reflect.defineProperty(Real.prototype, 'constructor', {
    value: Standing,
    writable: true,
    configurable: true,
  });
  Reflect.defineProperty(globalThis, 'Date', { value: Standing, writable: true, configurable: true });

  // A format without a date takes the real one.
  const formats = Intl.DateTimeFormat.prototype;
  const getter = Reflect.getOwnPropertyDescriptor(formats, 'format')?.get as () => (date: unknown) => string;
  Reflect.defineProperty(formats, 'format', {
    get(this: Intl.DateTimeFormat) {
      const format = Reflect.apply(getter, this, []);
      return (date?: unknown) => format(date === undefined ? standing : date);
    },
    configurable: true,
  });
  const parts = formats.formatToParts;
  Reflect.defineProperty(formats, 'formatToParts', {
    value: {
      formatToParts(this: Intl.DateTimeFormat, date?: unknown) {
        return Reflect.apply(parts, this, [date === undefined ? standing : date]);
      },
    }.formatToParts,
    writable: true,
    configurable: true,
  });
  return {
    set: (now) => {
      standing = now;
    },
    now: () => standing,
    real: () => real(),
  };
}
