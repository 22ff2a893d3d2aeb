import { createActorSystem } from '../../../runtime/actor-system.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import type { CounterProtocol } from './counter.actor.ts';
import { measureAsks } from './measure-asks.ts';

const system = await createActorSystem();
const counter = await system.start<CounterProtocol>({
  id: 'counter',
  module: moduleUrl('./counter.actor', import.meta.url),
  placement: { kind: 'thread' },
});
measureAsks(
  (amount) => counter.ask('add', amount),
  () => system.stop(),
);
