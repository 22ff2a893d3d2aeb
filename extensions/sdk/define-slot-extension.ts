import type { ExtensionDefinition } from '../../runtime/protocol/extension.protocol.ts';

/** Declares the owner side of an extension of the machine itself, one that sits in a slot. Returns its argument. */
export function defineSlotExtension<State>(
  definition: ExtensionDefinition<State>,
): ExtensionDefinition<State> {
  return definition;
}
