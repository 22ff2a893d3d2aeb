import { ActorCell } from '../../../runtime/actor/actor-cell.ts';
import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import type { AnyActor } from '../../../runtime/actor/any-actor.ts';
import type { ActorDefinition } from '../../../runtime/actor/define-actor.ts';
import { Message, type MessageSource } from '../../../runtime/actor/message.ts';
import type { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { LoneHost } from './lone-host.ts';

/** One incarnation of an actor without a machine around it; forgetting it is a crash. */
export class LoneActor {
  readonly host: LoneHost & { readonly letters: string[] };
  readonly cell: ActorCell;

  private constructor(name: string) {
    const letters: string[] = [];
    this.host = Object.assign(new LoneHost(), {
      letters,
      lost: (_cell: ActorCell, { method }: Message, { code }: MagFlockError) =>
        void letters.push(`${method} ${code}`),
    });
    this.cell = new ActorCell(name, this.host);
  }

  /** @param make stands for `init` when a state is taken over */
  static async start<State, P>(
    name: string,
    definition: ActorDefinition<State, P>,
    make?: () => State,
  ): Promise<LoneActor> {
    const actor = new LoneActor(name);
    const log = { error() {}, warn() {} };
    const context = { incarnation: 1, log, signal: new AbortController().signal } as unknown as ActorContext;
    await actor.cell.start(definition as unknown as AnyActor, context, undefined, make);
    actor.cell.open();
    return actor;
  }

  ask(method: string, payload: unknown, id?: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const source: MessageSource = {
        started() {},
        release() {},
        reply: (_slot, value) => resolve(value),
        fail: (_slot, error) => reject(error as Error),
      };
      this.#send(source, true, method, payload, id);
    });
  }

  tell(method: string, payload: unknown): void {
    this.#send({ started() {}, release() {}, reply() {}, fail() {} }, false, method, payload, undefined);
  }

  #send(source: MessageSource, asked: boolean, method: string, payload: unknown, id: string | undefined) {
    const never = Number.POSITIVE_INFINITY;
    this.cell.enqueue(
      new Message(source, 0, asked, this.cell, method, payload, '/test', never, false, undefined, id),
    );
  }
}
