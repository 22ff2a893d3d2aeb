import type { ModelShelf } from '../../../runtime/protocol/sentinel.protocol.ts';

/** The shelf of models as its desk uses it. */
export interface ModelKeeper {
  /** At once, from memory. */
  state(): ModelShelf;
  /** Reads the candidates anew. */
  rescan(): Promise<unknown>;
  /** Throws MF312, MF313, MF314. */
  promote(version: string): Promise<unknown>;
  /** Throws MF312. */
  rollback(): Promise<unknown>;
  /** Throws MF312, MF314. */
  shadow(version: string | null): Promise<unknown>;
}
