import type { GuestSettings } from './guest-settings.ts';

/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Takes away what makes code from text, what counts time by shared memory, what shows the garbage collector, and
 * what the engine cannot bound.
 */
export function takeAway(settings: GuestSettings): void {
  const world = globalThis as unknown as Record<string, unknown>;
  const granted = (name: string): boolean => settings.features.some((feature) => feature === name);
  const gone = ['eval', 'WeakRef', 'FinalizationRegistry', 'ShadowRealm', 'Temporal', 'AsyncIterator'];
  if (!granted('WebAssembly')) gone.push('WebAssembly');
  if (!granted('SharedArrayBuffer')) {
    // A shared memory of WebAssembly still has this constructor behind it.
    Reflect.deleteProperty(SharedArrayBuffer.prototype, 'constructor');
    gone.push('SharedArrayBuffer', 'Atomics');
  }
  for (const name of gone) Reflect.deleteProperty(world, name);
  // The collector cannot be deleted, only made nothing.
  if ('gc' in world) Reflect.defineProperty(world, 'gc', { value: undefined, writable: false });
  for (const name of ['rawJSON', 'isRawJSON']) Reflect.deleteProperty(JSON, name);

  // The engine's switch for this is not to be had here, so the only four ways to it are walled up. The stand-ins
  // keep `instanceof Function` true.
  const stand = (name: string, prototype: object, parent: object): object => {
    const standIn = {
      // biome-ignore lint/complexity/useArrowFunction: `new` and `extends` must work up to the refusal
      [name]: function (): never {
        throw new EvalError('Code is not made from text here.');
      },
    }[name] as object;
    Reflect.setPrototypeOf(standIn, parent);
    Reflect.defineProperty(standIn, 'prototype', { value: prototype, writable: false });
    Reflect.defineProperty(prototype, 'constructor', { value: standIn, writable: true, configurable: true });
    return standIn;
  };
  const plain = stand('Function', Function.prototype, Function.prototype);
  Reflect.defineProperty(world, 'Function', { value: plain, writable: true, configurable: true });
  stand('AsyncFunction', Reflect.getPrototypeOf(async () => {}) as object, plain);
  stand('GeneratorFunction', Reflect.getPrototypeOf(function* () {}) as object, plain);
  stand('AsyncGeneratorFunction', Reflect.getPrototypeOf(async function* () {}) as object, plain);

  // The memory of a buffer that can grow is not counted by isolated-vm: 4 GB of it fit into an isolate of 8 MB.
  const Buffers = ArrayBuffer;
  const Fixed = function (
    this: unknown,
    length: unknown,
    options?: { readonly maxByteLength?: unknown },
  ): object {
    if (new.target === undefined) throw new TypeError('ArrayBuffer is made with new');
    if (options?.maxByteLength !== undefined) throw new RangeError('Buffers that can grow are not had here.');
    return Reflect.construct(Buffers, [length], new.target);
  };
  for (const key of ['isView', Symbol.species]) {
    Reflect.defineProperty(Fixed, key, Reflect.getOwnPropertyDescriptor(Buffers, key) as PropertyDescriptor);
  }
  Reflect.defineProperty(Fixed, 'name', { value: 'ArrayBuffer', configurable: true });
  Reflect.defineProperty(Fixed, 'prototype', { value: Buffers.prototype, writable: false });
  Reflect.defineProperty(Buffers.prototype, 'constructor', {
    value: Fixed,
    writable: true,
    configurable: true,
  });
  Reflect.deleteProperty(Buffers.prototype, 'resize');
  Reflect.defineProperty(world, 'ArrayBuffer', { value: Fixed, writable: true, configurable: true });
}
