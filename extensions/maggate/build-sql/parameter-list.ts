import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { Parameter, ParameterSource } from './statement.ts';

/** Hands out `$1`, `$2` … and remembers what each one is. */
export class ParameterList {
  readonly #parameters: Parameter[] = [];

  add(source: ParameterSource, column: ColumnSchema | null): string {
    this.#parameters.push({ source, column });
    return `$${this.#parameters.length}`;
  }

  get all(): readonly Parameter[] {
    return this.#parameters;
  }
}
