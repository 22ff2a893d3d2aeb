import { MagFlockError } from '../errors/magflock-error.ts';
import type { Message } from './message.ts';

/**
 * The calls an ask is made in, the outermost first: path of the actor and number of the call in turn. Flat, because
 * it is cloned with the message. Only asks of a running call have one; a tell has none, since nobody waits for it.
 */
export type AskChain = readonly (string | number)[];

/** Calls a chain may have: more is a recursion without end. */
const longest = 64;

/** Numbers of calls differ between threads and between their incarnations: they are compared everywhere. */
let number = Math.floor(Math.random() * 2 ** 21) * 2 ** 31;

/** The chain of what is asked in this call. */
export function chainHere(call: Message): AskChain {
  let chain = call.chainHere;
  if (chain === undefined) {
    number += 1;
    chain = call.chain === undefined ? [call.to.path, number] : [...call.chain, call.to.path, number];
    call.chainHere = chain;
  }
  return chain;
}

/** The number of a call that has asked, or undefined. */
export function callNumber(call: Message): number | undefined {
  return call.chainHere?.at(-1) as number | undefined;
}

/** Does this running call wait for `message`, directly or through those that were asked for it? */
export function waitsFor(call: Message, message: Message): boolean {
  const own = callNumber(call);
  if (own === undefined || message.chain === undefined) return false;
  const at = message.chain.lastIndexOf(own);
  if (at < 0) return false;
  // One that was answered may go on; what its answerer did not await still carries the whole chain.
  const next = String(message.chain[at + 1] ?? message.to.path);
  for (const { address } of call.openAsks ?? []) {
    if (next === `/${address.target}` || next.startsWith(`/${address.target}/`)) return true;
  }
  return false;
}

export function isTooLong(chain: AskChain | undefined): boolean {
  return chain !== undefined && chain.length > longest * 2;
}

/** Refusal of an ask of a chain that is too long. */
export function tooLong(chain: AskChain | undefined, target: string): MagFlockError {
  const paths = [...pathsOf(chain ?? []), target];
  const shown = [...paths.slice(0, 4), '…', ...paths.slice(-4)].join(' -> ');
  return new MagFlockError('MF616', `more than ${longest} asks wait for each other: ${shown}`, {
    details: { path: paths },
  });
}

/** Refusal of an ask that can never be answered. */
export function deadlock(path: readonly string[]): MagFlockError {
  return new MagFlockError('MF616', `asks wait for each other in a circle: ${path.join(' -> ')}`, {
    details: { path },
    fix: 'tell instead of ask in one place, do not await the answer there, or declare the actor reentrant',
  });
}

/** The circle that `message` closes when it waits for this call. */
export function circleOf(message: Message, call: Message): readonly string[] {
  const chain = message.chain ?? [];
  const from = chain.lastIndexOf(callNumber(call) as number) - 1;
  return [...pathsOf(chain.slice(Math.max(0, from))), message.to.path];
}

export function pathsOf(chain: AskChain): readonly string[] {
  return chain.filter((item) => typeof item === 'string');
}
