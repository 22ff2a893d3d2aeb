import { threadId } from 'node:worker_threads';
import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import {
  type ActorDefinition,
  defineActor,
  type MailboxOptions,
} from '../../../runtime/actor/define-actor.ts';
import type { Ledger, LedgerFaults, LedgerProtocol } from './ledger.ts';

const forever = (): Promise<never> => new Promise(() => {});
const dies = (): Promise<never> => {
  setImmediate(() => {
    throw new Error('died as asked');
  });
  return forever();
};

/** A version of an actor that writes down what it is sent; its state is what it wrote. */
export function defineLedger(
  version: string,
  more: Partial<ActorDefinition<Ledger, LedgerProtocol, LedgerFaults | undefined>> = {},
  mailbox?: MailboxOptions,
): ActorDefinition<Ledger, LedgerProtocol, LedgerFaults | undefined> {
  const begin = (context: ActorContext, lines: string[], faults: LedgerFaults = {}): Ledger => ({
    context,
    lines,
    faults,
  });
  return defineActor<Ledger, LedgerProtocol, LedgerFaults | undefined>({
    name: 'ledger',
    version,
    ...(mailbox === undefined ? {} : { mailbox }),
    init: (context, faults) => begin(context, [], faults),
    start({ context, faults }) {
      if (context.incarnation > 1 && faults.start === 'throws') throw new Error('cannot start');
    },
    healthCheck({ context, faults, lines }) {
      if (context.incarnation > 1 && faults.health === 'throws') throw new Error('cannot look');
      if (context.incarnation > 1 && faults.health === 'hangs') return forever();
      const failed = context.incarnation > 1 && faults.health === 'failed';
      return { status: failed ? 'failed' : 'ok', summary: `${lines.length} lines` };
    },
    snapshot({ lines, context, faults }) {
      if (faults.snapshot === 'hangs' && version !== '1.0.0') return forever();
      return [
        ['lines', lines.length],
        ['incarnation', context.incarnation],
      ];
    },
    handover: {
      version: 1,
      export({ lines, faults }) {
        if (faults.export === 'throws') throw new Error('cannot export');
        if (faults.export === 'hangs') return forever();
        if (faults.export === 'dies') return dies();
        return faults.export === 'uncloneable' ? () => {} : lines;
      },
      adopt(context, exported, _fromVersion, faults) {
        if (faults?.adopt === 'throws') throw new Error('cannot adopt');
        if (faults?.adopt === 'hangs') return forever();
        if (faults?.adopt === 'dies') return dies();
        return begin(context, exported as string[], faults);
      },
    },
    methods: {
      write({ lines }, { from, number }) {
        lines.push(`${from} ${number}`);
        return { number, by: version };
      },
      async writeSlowly({ lines }, { from, number, ms }) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        lines.push(`${from} ${number}`);
        return number;
      },
      written: ({ lines }) => lines,
      facts: ({ context }) => ({ version, incarnation: context.incarnation, thread: threadId }),
      writeToSelf({ context }, { first, count }) {
        const self = context.self as unknown as ActorRef<LedgerProtocol>;
        for (let number = first; number < first + count; number++)
          self.tell('write', { from: 'self', number });
      },
      runOn: (_ledger, _request, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('was cancelled'))),
      die: dies,
      askOther: ({ context }, { part, method, payload }) =>
        context.part(part as 'storage').ask(method as 'query', payload as never),
    },
    ...more,
  });
}
