import type { ExtensionState } from '../../protocol/extensions.protocol.ts';
import type { Output } from '../output.ts';

const colours = {
  active: 'green',
  idle: 'green',
  starting: 'yellow',
  disabled: 'dim',
  failed: 'red',
  quarantined: 'red',
} as const satisfies Record<ExtensionState, string>;

/** The state of an extension in its colour. */
export function styleExtensionState(output: Output, state: ExtensionState): string {
  return output.style(colours[state], state);
}
