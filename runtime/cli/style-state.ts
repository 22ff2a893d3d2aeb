import type { Output } from './output.ts';

/** The state of an actor in its colour. */
export function styleState(output: Output, state: string): string {
  if (state === 'ready') return output.style('green', state);
  if (state === 'failed' || state === 'quarantined' || state === 'no answer')
    return output.style('red', state);
  return output.style('yellow', state);
}
