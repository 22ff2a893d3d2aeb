import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { ProtocolOf } from '../../runtime/actor/protocol-of.ts';
import type { ActorSystem } from '../../runtime/actor-system.ts';
import type { Motherboard } from '../../runtime/motherboard/motherboard.ts';

const counter = defineActor({
  name: 'counter',
  version: '1.0.0',
  init: () => ({ total: 0 }),
  methods: { add: (state, amount: number) => (state.total += amount) },
});

declare const ref: ActorRef<ProtocolOf<typeof counter>>;
declare const context: ActorContext;
declare const motherboard: Motherboard;
declare const system: ActorSystem;

interface ShopProtocol {
  sell(item: { readonly name: string }): { readonly left: number };
}

export const reply = ref.ask('add', 1) satisfies Promise<number>;
ref.tell('add', 1);

// @ts-expect-error: an ask of a method that does not exist does not compile
ref.ask('ad', 1);

// @ts-expect-error: an ask with a payload of another type does not compile
ref.ask('add', { amount: 1 });

// @ts-expect-error: an ask without its payload does not compile
ref.ask('add');

// @ts-expect-error: the reply of an ask has the type that the method returns
export const wrongReply: Promise<string> = ref.ask('add', 1);

// @ts-expect-error: a reply comes as a promise
export const tooSoon: number = ref.ask('add', 1);

// @ts-expect-error: a tell of a method that does not exist does not compile
ref.tell('ad', 1);

// @ts-expect-error: a tell with a payload of another type does not compile
ref.tell('add', 'one');

// @ts-expect-error: a tell has no answer to wait for
ref.tell('add', 1).then(() => {});

// @ts-expect-error: users have two priorities
ref.ask('add', 1, { priority: 'system' });

// Parts of the machine are known by name.
context.part('motherboard').ask('status', null);

// @ts-expect-error: a part that nobody has declared cannot be named
context.part('shop');

// @ts-expect-error: a part that is declared has its methods and no others
context.part('motherboard').ask('sell', null);

// @ts-expect-error: the machine gives out refs to declared parts only
motherboard.get('shop');

// Parts of others are reached by path, typed by the protocol one says they have.
export const shop = context.ref<ShopProtocol>('/shop').ask('sell', { name: 'lamp' }) satisfies Promise<{
  left: number;
}>;
motherboard.ref<ShopProtocol>('/shop').tell('sell', { name: 'lamp' });
system.ref<ShopProtocol>('/shop').tell('sell', { name: 'lamp' });

// @ts-expect-error: a ref by path keeps to the protocol it was given
context.ref<ShopProtocol>('/shop').ask('buy', { name: 'lamp' });

// @ts-expect-error: a ref by path of the machine keeps to its protocol
motherboard.ref<ShopProtocol>('/shop').ask('sell', { title: 'lamp' });

// @ts-expect-error: a ref by path of an actor system keeps to its protocol
system.ref<ShopProtocol>('/shop').tell('sell', 'lamp');

// @ts-expect-error: what a system spawns is typed by its definition
system.spawn(counter).ask('subtract', 1);
