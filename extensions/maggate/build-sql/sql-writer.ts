/** What a parameter of a statement is for; an error in it is told accordingly. */
export interface WrittenParameter {
  readonly value: string | null;
  /** Column it is compared with or feeds; null when it belongs to none. */
  readonly column: string | null;
  /** Type it is cast to in the text; part of the statement's shape. Undefined: PostgreSQL infers it. */
  readonly type: string | undefined;
  /** Where the value comes from, when that is no filter. */
  readonly source?: 'id' | 'search';
}

/**
 * Collects the parameters of a statement while its text is built. Values never become text of the statement; the same
 * builder run on a request of the same shape makes the same text, so that PostgreSQL keeps its plan.
 */
export class SqlWriter {
  readonly parameters: WrittenParameter[] = [];

  /**
   * Takes a value and gives the text that stands for it.
   * @param type appended as a cast (`$1::json`); without one PostgreSQL infers the type
   */
  parameter(
    value: string | null,
    options: { readonly column?: string; readonly type?: string; readonly source?: 'id' | 'search' } = {},
  ): string {
    const { column, type, source } = options;
    const parameter = { value, column: column ?? null, type };
    this.parameters.push(source === undefined ? parameter : { ...parameter, source });
    const place = `$${this.parameters.length}`;
    return options.type === undefined ? place : `${place}::${options.type}`;
  }
}
