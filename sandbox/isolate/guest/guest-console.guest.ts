import type { GuestLogWriter } from './guest-log.guest.ts';

/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Replaces the engine's console by one that writes to the extension's log.
 */
export function guestConsole(write: GuestLogWriter): void {
  const at =
    (level: number) =>
    (...parts: unknown[]): void =>
      write(level, parts);
  const nothing = (): void => {};
  const console: Record<string, unknown> = {
    debug: at(0),
    trace: at(0),
    log: at(1),
    info: at(1),
    dir: at(1),
    table: at(1),
    warn: at(2),
    error: at(3),
    assert: (fine: unknown, ...parts: unknown[]): void => {
      if (!fine) write(3, ['Assertion failed', ...parts]);
    },
    group: at(1),
    groupCollapsed: at(1),
    groupEnd: nothing,
    time: nothing,
    timeEnd: nothing,
    timeLog: nothing,
    count: nothing,
    countReset: nothing,
    clear: nothing,
  };
  Reflect.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true });
}
