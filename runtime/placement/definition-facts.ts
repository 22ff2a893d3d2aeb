import type { AnyActor } from '../actor/any-actor.ts';

/** What a definition says of itself, as far as it decides whether it can follow another one. */
export interface DefinitionFacts {
  readonly version: string;
  readonly methods: readonly string[];
  /** Version of the state it exports and adopts; undefined when it has no handover. */
  readonly handover: number | 'stateless' | undefined;
  readonly contract: string | undefined;
  readonly requires: readonly string[];
  /** Can it give its state to replicas? */
  readonly snapshot: boolean;
}

/** Reads them off a definition. */
export function definitionFacts(definition: AnyActor): DefinitionFacts {
  const { version, methods, handover, contract, requires, snapshot } = definition;
  return {
    version,
    methods: Object.keys(methods),
    handover: typeof handover === 'object' ? handover.version : handover,
    contract,
    requires: requires ?? [],
    snapshot: snapshot !== undefined,
  };
}
