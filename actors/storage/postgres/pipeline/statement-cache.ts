/** A statement prepared on one connection. */
export interface PreparedStatement {
  readonly name: string;
  readonly sql: string;
  /** Positions of the columns of a plan's row; -1 where there is none. Known once the server described it. */
  columns: ResultColumns | undefined;
}

export interface ResultColumns {
  readonly body: number;
  readonly rows: number;
  readonly location: number;
  /** All of them, in order. */
  readonly names: readonly string[];
}

/** Text of all statements of a connection. The server needs about a hundred bytes for each character. */
const mostCharacters = 512 * 1024;

/**
 * Names of the statements prepared on one connection, the least recently used given up over the caps: each costs
 * memory in the server for as long as the connection lives, the more the longer it is.
 */
export class StatementCache {
  readonly #limit: number;
  readonly #byShape = new Map<string, PreparedStatement>();
  #made = 0;
  #characters = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byShape.size;
  }

  /** Whether a text is short enough to be kept beside others; those of one transaction never drive each other out. */
  keeps(sql: string): boolean {
    return sql.length <= mostCharacters / 4;
  }

  /** The statement of this shape, when it is prepared with this very text. */
  find(shape: string, sql: string): PreparedStatement | undefined {
    const found = this.#byShape.get(shape);
    if (found === undefined || found.sql !== sql) return undefined;
    if (this.#byShape.size >= this.#limit / 2 || this.#characters >= mostCharacters / 2) {
      this.#byShape.delete(shape);
      this.#byShape.set(shape, found);
    }
    return found;
  }

  /**
   * A name for a statement that will be prepared now.
   * @param closed told the names that must be closed first, in this order on the wire
   */
  add(shape: string, sql: string, closed: (name: string) => void): PreparedStatement {
    const replaced = this.#byShape.get(shape);
    if (replaced !== undefined) this.#close(shape, replaced, closed);
    for (const [oldestShape, oldest] of this.#byShape) {
      const fits = this.#byShape.size < this.#limit && this.#characters + sql.length <= mostCharacters;
      if (fits) break;
      this.#close(oldestShape, oldest, closed);
    }
    this.#made += 1;
    const statement: PreparedStatement = { name: `s${this.#made}`, sql, columns: undefined };
    this.#byShape.set(shape, statement);
    this.#characters += sql.length;
    return statement;
  }

  /** The server does not have it after all: a transaction that was to prepare it failed before. */
  forget(statement: PreparedStatement): void {
    for (const [shape, known] of this.#byShape) {
      if (known === statement) this.#remove(shape, known);
    }
  }

  #close(shape: string, statement: PreparedStatement, closed: (name: string) => void): void {
    closed(statement.name);
    this.#remove(shape, statement);
  }

  #remove(shape: string, { sql }: PreparedStatement): void {
    if (this.#byShape.delete(shape)) this.#characters -= sql.length;
  }
}
