import type { Client } from 'pg';

export type OracleAnswer =
  | { readonly kind: 'row'; readonly row: Readonly<Record<string, unknown>>; readonly after: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** Asks PostgreSQL itself, as a role, on a connection of its own; nothing that is asked stays done. */
export class Oracle {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @param state an SQL expression that is evaluated after the statement, with all rights */
  async ask(role: string, claims: object, sql: string, state = `''`): Promise<OracleAnswer> {
    const client = this.#client;
    await client.query('begin');
    try {
      await client.query({
        text: `select set_config('request.jwt.claims', $1, true), set_config('search_path', 'public, pg_temp', true),
          set_config('role', $2, true)`,
        values: [JSON.stringify({ ...claims, role }), role],
      });
      const { rows } = await client.query(sql);
      await client.query('set constraints all immediate; reset role');
      const after = await client.query(`select (${state})::text as state`);
      return { kind: 'row', row: rows[0] as Record<string, unknown>, after: after.rows[0].state };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === undefined) throw error;
      return { kind: 'error', code, message };
    } finally {
      await client.query('rollback');
    }
  }

  async state(state: string): Promise<string> {
    const { rows } = await this.#client.query(`select (${state})::text as state`);
    return rows[0].state;
  }
}
