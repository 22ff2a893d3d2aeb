import type { Action } from '../../protocol/sentinel.protocol.ts';
import type { Output } from '../output.ts';

/** What was done about a request, the worse the redder. */
export function styleAction(action: Action, output: Output, text: string = action): string {
  if (action === 'block' || action === 'escalate') return output.style('red', text);
  return action === 'throttle' ? output.style('yellow', text) : output.style('dim', text);
}
