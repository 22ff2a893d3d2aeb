import { isCatalog } from './is-catalog.ts';
import type { SyntaxNode } from './pg-parser.ts';

/** Which tables a text reads and changes: of the project or of the system, inside of expressions or not. */
export class TableFacts {
  /** Names that a WITH gives: no tables. */
  readonly withNames = new Set<string>();
  readonly #ofProject = new Set<string>();
  #outside = false;
  #inside = false;

  /** @param table a `RangeVar`; @param nested in a statement inside of an expression */
  add(table: SyntaxNode, nested: boolean): void {
    if (!isCatalog(table)) {
      const name = String(table['relname']);
      this.#ofProject.add(
        table['schemaname'] === undefined ? name : `${String(table['schemaname'])}.${name}`,
      );
    } else if (nested) this.#inside = true;
    else this.#outside = true;
  }

  /** An expression about rows of the project looks into the catalog. */
  catalogInside(): boolean {
    return this.#inside && !this.#outside && this.#projects() > 0;
  }

  introspects(): boolean {
    return this.#outside && this.#projects() === 0;
  }

  #projects(): number {
    return [...this.#ofProject].filter((name) => !this.withNames.has(name)).length;
  }
}
