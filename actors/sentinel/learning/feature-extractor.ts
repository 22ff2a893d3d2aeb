import type { Features } from './features.ts';
import { StatementReader } from './statement-reader.ts';
import { ValueReader } from './value-reader.ts';

/** Which of the two models reads a text. */
export type ModelKind = 'values' | 'statements';

/**
 * Turns a text into what a model reads: one `Features` for each window of each way to read it. The verdict is the
 * worst of them. Holds scratch memory: one per thread, not reentrant.
 */
export class FeatureExtractor {
  private readonly reader: ValueReader | StatementReader;

  constructor(kind: ModelKind) {
    this.reader = kind === 'values' ? new ValueReader() : new StatementReader();
  }

  /** @param text a value or statement as it was received */
  extract(text: string): Features[] {
    return this.reader.extract(text);
  }
}
