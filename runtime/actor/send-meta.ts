import type { Meta } from '../port/wire-record.ts';
import type { AskOptions } from './actor-ref.ts';
import { chainHere } from './ask-chain.ts';
import type { Message } from './message.ts';

/** What few asks carry, or undefined for the others. Those made in a call carry the calls they are made in. */
export function sendMeta(call: Message | undefined, options: AskOptions | undefined): Meta | undefined {
  const high = options?.priority === 'high';
  const id = options?.id;
  if (call === undefined) {
    if (!high && id === undefined) return undefined;
    return { ...(high ? { high } : {}), ...(id === undefined ? {} : { id }) };
  }
  const { trace } = call;
  return {
    chain: chainHere(call),
    ...(trace === undefined ? {} : { trace }),
    ...(high ? { high } : {}),
    ...(id === undefined ? {} : { id }),
  };
}
