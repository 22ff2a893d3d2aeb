import type { AnyActor } from './any-actor.ts';
import type { Handler } from './current-call.ts';

/** A method as the cell runs it. */
export interface Method {
  readonly run: Handler;
  /** Has it ever answered with a promise? Then its calls need asynchronous storage. */
  awaits: boolean;
  /** Of its name in the mark of the thread; 0 until it runs first. */
  label: number;
}

export type MethodTable = ReadonlyMap<string, Method>;

const asyncFunction = Object.getPrototypeOf(async () => {}).constructor as () => void;
const compiled = new WeakMap<AnyActor, Behaviour>();

/** A definition as its cells run it; made once, shared by all of them. */
export class Behaviour {
  readonly definition: AnyActor;
  readonly methods: MethodTable;
  readonly concurrency: number;
  readonly #named = new Map<string, MethodTable>();

  private constructor(definition: AnyActor) {
    this.definition = definition;
    this.methods = tableOf(definition.methods);
    this.concurrency = definition.concurrency ?? 1;
    for (const [name, methods] of Object.entries(definition.behaviours ?? {})) {
      this.#named.set(name, new Map([...this.methods, ...tableOf(methods)]));
    }
  }

  static of(definition: AnyActor): Behaviour {
    let behaviour = compiled.get(definition);
    if (behaviour === undefined) {
      behaviour = new Behaviour(definition);
      compiled.set(definition, behaviour);
    }
    return behaviour;
  }

  /** Methods while the actor behaves as named, or undefined. */
  named(name: string): MethodTable | undefined {
    return this.#named.get(name);
  }
}

function tableOf(methods: Readonly<Record<string, unknown>>): Map<string, Method> {
  return new Map(
    Object.entries(methods).map(([name, run]) => [
      name,
      { run: run as Handler, awaits: run instanceof asyncFunction, label: 0 },
    ]),
  );
}
