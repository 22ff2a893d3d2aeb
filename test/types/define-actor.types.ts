import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';

interface CounterProtocol {
  add(amount: number): number;
  label(request: { readonly text: string; readonly bold?: boolean }): string;
  reset(request: null): void;
}

interface Counter {
  total: number;
}

const base = { name: 'counter', version: '1.0.0', init: (): Counter => ({ total: 0 }) } as const;
const methods = {
  add: (state: Counter, amount: number) => (state.total += amount),
  label: (_state: Counter, { text }: { readonly text: string }) => text,
  reset: () => {},
};

export const complete = defineActor<Counter, CounterProtocol>({ ...base, methods });

export const answersLater = defineActor<Counter, CounterProtocol>({
  ...base,
  methods: { ...methods, add: async (state, amount) => (state.total += amount) },
});

export const missing = defineActor<Counter, CounterProtocol>({
  ...base,
  // @ts-expect-error: a definition without a method of its protocol does not compile
  methods: { add: methods.add, label: methods.label },
});

export const foreign = defineActor<Counter, CounterProtocol>({
  ...base,
  // @ts-expect-error: a method that the protocol does not have does not compile
  methods: { ...methods, subtract: () => 0 },
});

export const wrongReply = defineActor<Counter, CounterProtocol>({
  ...base,
  // @ts-expect-error: a method that answers something else does not compile
  methods: { ...methods, add: () => 'three' },
});

export const wrongLaterReply = defineActor<Counter, CounterProtocol>({
  ...base,
  // @ts-expect-error: a method that promises something else does not compile
  methods: { ...methods, add: async () => 'three' },
});

export const wrongUse = defineActor<Counter, CounterProtocol>({
  ...base,
  methods: {
    ...methods,
    // @ts-expect-error: a method knows the type of its payload
    add: (_state, amount) => amount.length,
  },
});

export const wrongState = defineActor<Counter, CounterProtocol>({
  ...base,
  methods: {
    ...methods,
    // @ts-expect-error: a method knows the type of the state
    add: (state) => state.sum,
  },
});

export const wrongInit = defineActor<Counter, CounterProtocol>({
  ...base,
  // @ts-expect-error: init must make the state that the methods expect
  init: () => ({ sum: 0 }),
  methods,
});

export const wrongBehaviour = defineActor<Counter, CounterProtocol>({
  ...base,
  methods,
  // @ts-expect-error: a behaviour has methods of the protocol only
  behaviours: { closed: { subtract: () => 0 } },
});

export const inferred = defineActor({
  name: 'counter',
  version: '1.0.0',
  init: (_context, { first }: { readonly first: number }) => ({ total: first }),
  methods: {
    add: (state, amount: number) => (state.total += amount),
    read: async (state) => state.total,
  },
});

export const inferredState = defineActor({
  name: 'counter',
  version: '1.0.0',
  init: () => ({ total: 0 }),
  methods: {
    // @ts-expect-error: without named types the state is what init returns
    read: (state) => state.sum,
  },
});

declare const context: ActorContext;

const child = context.spawn(inferred, { args: { first: 1 } });
export const answers = {
  typed: child.ask('add', 2) satisfies Promise<number>,
  // What answers with a promise is asked the same way, and one without a payload is asked with null.
  later: child.ask('read', null) satisfies Promise<number>,
};

// @ts-expect-error: without named types the payload of an ask is that of the method
child.ask('add', 'two');

// @ts-expect-error: without named types there are the methods that were written, and no others
child.ask('subtract', 2);

// @ts-expect-error: without named types the reply is what the method returns
export const text: Promise<string> = child.ask('read', null);

// @ts-expect-error: a child gets the arguments its init expects
context.spawn(inferred, { args: { first: 'one' } });

// @ts-expect-error: a restart type is one of three
context.spawn(complete, { restart: 'sometimes' });

// @ts-expect-error: only a behaviour that has a name can be become
context.become(complete);
