import type { ExtensionDefinition } from '../../runtime/protocol/extension.protocol.ts';

/** Declares an extension. Purely typed: returns its argument. */
export function defineExtension<State>(definition: ExtensionDefinition<State>): ExtensionDefinition<State> {
  return definition;
}
