/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Freezes the language's own objects, all that can be reached from the global object and from syntax, so that no
 * library changes them under another and the host's code in here can rely on them.
 */
export function harden(): void {
  const { ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Reflect;
  const isObject = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  // What only syntax leads to.
  const hidden: unknown[] = [
    function* () {},
    async () => {},
    async function* () {},
    (function* () {})(),
    (async function* () {})(),
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    'a'.matchAll(/a/g),
    Iterator.from({ next: () => ({ done: true, value: undefined }) } as Iterator<unknown>),
    [].values().map((one) => one),
    (function () {
      // biome-ignore lint/complexity/noArguments: its accessors are intrinsics too
      return arguments;
    })(),
  ];

  const seen = new Set<object>();
  const queue: object[] = [globalThis];
  const visit = (value: unknown): void => {
    if (!isObject(value) || seen.has(value)) return;
    seen.add(value);
    queue.push(value);
  };
  seen.add(globalThis);
  for (const one of hidden) if (isObject(one)) visit(getPrototypeOf(one));
  for (let at = 0; at < queue.length; at += 1) {
    const object = queue[at] as object;
    visit(getPrototypeOf(object));
    for (const key of ownKeys(object)) {
      const { value, get, set } = getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
      visit(value);
      visit(get);
      visit(set);
    }
  }

  // A frozen property of a prototype cannot be assigned on objects that inherit it, which ordinary libraries do
  // (`error.name = …`, `Class.prototype.toString = …`). Accessors let them, without giving the prototype away.
  const yielding = (object: object, key: PropertyKey): void => {
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || !('value' in descriptor) || !descriptor.writable) return;
    const { value, enumerable } = descriptor;
    const get = { get: () => value }.get;
    const set = {
      set(this: unknown, next: unknown) {
        if (this === object || !isObject(this)) throw new TypeError(`"${String(key)}" is frozen here`);
        if (
          !defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true })
        ) {
          throw new TypeError(`"${String(key)}" cannot be set on this object`);
        }
      },
    }.set;
    defineProperty(object, key, { get, set, enumerable: enumerable === true, configurable: true });
    for (const one of [get, set]) {
      seen.add(one);
      queue.push(one);
      const { prototype } = one as { prototype?: unknown };
      if (isObject(prototype)) queue.push(prototype);
    }
  };
  const often = ['toString', 'toLocaleString', 'valueOf', 'toJSON', 'name', 'message'];
  const all = new Set<unknown>([Object.prototype, Function.prototype, Iterator.prototype]);
  for (const object of [...queue]) {
    if (object === globalThis) continue;
    const isError = object === Error.prototype || getPrototypeOf(object) === Error.prototype;
    if (all.has(object) || isError) for (const key of ownKeys(object)) yielding(object, key);
    else if (getOwnPropertyDescriptor(object, 'constructor') !== undefined)
      for (const key of often) yielding(object, key);
  }

  for (let at = 1; at < queue.length; at += 1) {
    const object = queue[at] as object;
    if (object === Error) {
      // Stays writable: libraries set it around what they catch, and it bounds only their own traces.
      for (const key of ownKeys(object)) {
        const descriptor = getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
        if (key === 'stackTraceLimit') {
          defineProperty(object, key, { configurable: false });
        } else if ('value' in descriptor) {
          defineProperty(object, key, { writable: false, configurable: false });
        } else defineProperty(object, key, { configurable: false });
      }
      Object.preventExtensions(object);
    } else Object.freeze(object);
  }
  // The global object takes new names (a bundle may define some), but none of its own changes.
  for (const key of ownKeys(globalThis)) {
    const descriptor = getOwnPropertyDescriptor(globalThis, key) as PropertyDescriptor;
    if (descriptor.configurable) {
      defineProperty(
        globalThis,
        key,
        'value' in descriptor ? { writable: false, configurable: false } : { configurable: false },
      );
    }
  }
}
