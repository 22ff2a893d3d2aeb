/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * The objects of Intl hold about 10 kB each that the engine does not count. The same arguments give the same frozen
 * object, and there are at most `most` of them. `Intl.Segmenter` goes: each text it cuts is copied uncounted.
 */
export function boundIntl(most: number): void {
  const world = Intl as unknown as Record<string, unknown>;
  const { construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
  const { freeze } = Object;
  const { parse, stringify } = JSON;
  deleteProperty(world, 'Segmenter');
  const made = new Map<string, object>();
  let count = 0;
  const make = (original: () => void, args: readonly unknown[], as: object): object => {
    if (count >= most) throw new RangeError(`More than ${most} different objects of Intl.`);
    count += 1;
    return construct(original, args, as as () => void);
  };
  for (const name of ownKeys(world)) {
    const original = world[name as string] as (() => void) & { readonly prototype: object };
    if (typeof original !== 'function' || original.prototype === undefined) continue;
    const callable = name === 'Collator' || name === 'NumberFormat' || name === 'DateTimeFormat';
    const bound = {
      [name]: function (locales?: unknown, options?: unknown): object {
        if (new.target === undefined && !callable) throw new TypeError(`${String(name)} is made with new`);
        const tags = typeof locales === 'object' && locales !== null && !Array.isArray(locales);
        // What is read now is what is used: getters run once.
        const text = stringify([tags ? String(locales) : locales, options]);
        const [tag, wanted] = parse(text) as [unknown, unknown];
        const args = [tag ?? undefined, wanted ?? undefined];
        if (new.target !== undefined && new.target !== bound) return make(original, args, new.target);
        const key = `${String(name)} ${text}`;
        let found = made.get(key);
        if (found === undefined) {
          found = freeze(make(original, args, original));
          made.set(key, found);
        }
        return found;
      },
    }[name as string] as () => void;
    for (const key of ownKeys(original)) {
      if (key === 'length' || key === 'name' || key === 'prototype') continue;
      defineProperty(bound, key, getOwnPropertyDescriptor(original, key) as PropertyDescriptor);
    }
    defineProperty(bound, 'prototype', { value: original.prototype, writable: false });
    defineProperty(original.prototype, 'constructor', { value: bound, writable: true, configurable: true });
    defineProperty(world, name, { value: bound, writable: true, configurable: true });
  }
}
