import type { HeldLogit } from './calibrate.ts';

/** What a network that had not seen a text, and the signatures, said of it. */
export interface Measured extends HeldLogit {
  readonly text: string;
  /** Scores of the signatures as a parameter and as a string of a body; 0 for statements. */
  readonly signature: number;
  readonly bodySignature: number;
  /** Whether the daemon asks the model: as a parameter (or as a statement), and as a string of a body. */
  readonly asked: boolean;
  readonly bodyAsked: boolean;
  /** The row itself, or what was done to it. */
  readonly check: 'row' | 'encoded' | 'padded' | 'mutated' | 'injected';
}
