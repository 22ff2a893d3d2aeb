/** Thrown by `call.stash()`: ends the method without an answer. Not an error, so that no stack is made. */
export const stashSignal: unique symbol = Symbol('stash');
