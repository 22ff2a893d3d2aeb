import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Finding } from './finding.ts';
import { inspectValue } from './inspect-value.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';
import type { UnsureValues } from './unsure-values.ts';

const longestPlace = 200;

/** Which values are kept for the models. */
export interface ModelWish {
  readonly values: UnsureValues;
  /** Whether values without a signature are kept, too: models judge. */
  readonly all: boolean;
  /** The models have let this value through before. */
  cleared(text: string, surface: Surface): boolean;
}

/** One request being read, value by value. */
export class ValueScan {
  /** Keys and indices on the way to a value of a JSON body. */
  readonly steps: (string | number)[] = [];
  private readonly guard: SqlGuard;
  private readonly wish: ModelWish | undefined;

  constructor(guard: SqlGuard, wish: ModelWish | undefined) {
    this.guard = guard;
    this.wish = wish;
  }

  /**
   * Looks at one value: answers what a signature found, and keeps it for the models where that does not settle it.
   * @param name of parameter or header; nothing in a path, a text and JSON
   */
  look(text: string, surface: Surface, name?: string): Finding | undefined {
    const { match, needsModel } = inspectValue(this.guard, text, surface);
    if (needsModel) this.keep(text, surface, match, name);
    const { score, signature } = match;
    if (signature === undefined || score < thresholds[surface].log) return undefined;
    return { score, signature, surface, where: this.where(surface, name), value: text };
  }

  private keep(
    text: string,
    surface: Surface,
    { score, signature }: ReturnType<SqlGuard['inspect']>,
    name: string | undefined,
  ): void {
    const { wish } = this;
    if (wish === undefined) return;
    if (signature === undefined && (!wish.all || wish.cleared(text, surface))) return;
    const found = signature === undefined ? undefined : { name: signature.name, score };
    wish.values.add(surface, text, found, () => this.where(surface, name));
  }

  private where(surface: Surface, name: string | undefined): string {
    if (name !== undefined) return `${surface}.${safeName(name)}`;
    let place: string = surface;
    for (const step of this.steps) {
      place += typeof step === 'number' ? `[${step}]` : `.${safeName(step)}`;
      if (place.length >= longestPlace) return place.slice(0, longestPlace);
    }
    return place;
  }
}
