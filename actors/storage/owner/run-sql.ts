import type { Client, FieldDef, QueryArrayResult } from 'pg';
import { jsonValue } from '../../../runtime/database/json-value.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { SqlResult } from '../../../runtime/protocol/storage.protocol.ts';
import { mapError, type ServerErrorFields } from '../postgres/map-error.ts';

/** Values stay the text the server sent; `jsonValue` decides what becomes of them. */
export const textTypes = { getTypeParser: () => (text: string) => text };

/**
 * Runs a text of one or several statements, as PostgreSQL's simple protocol does: one transaction, unless the
 * text says otherwise.
 * @param client a connection as the project's owner, made with `textTypes`
 * @throws MF510 with line, position and PostgreSQL's words; MF5xx for what is not the text's fault
 */
export async function runSql(client: Client, text: string): Promise<readonly SqlResult[]> {
  let answer: QueryArrayResult | QueryArrayResult[];
  try {
    answer = await client.query({ text, rowMode: 'array', types: textTypes });
  } catch (thrown) {
    throw sqlError(thrown, text);
  }
  return (Array.isArray(answer) ? answer : [answer]).filter(({ command }) => command !== null).map(describe);
}

function describe({ command, fields, rows, rowCount }: QueryArrayResult): SqlResult {
  const columns = fields.map(({ name }) => name);
  return {
    command,
    columns,
    rows: rows.map((values) => row(fields, values as (string | null)[])),
    count: rowCount ?? rows.length,
  };
}

function row(fields: readonly FieldDef[], values: readonly (string | null)[]): Record<string, unknown> {
  // No prototype: a column may be called __proto__.
  const object: Record<string, unknown> = Object.create(null);
  for (const [index, { name, dataTypeID }] of fields.entries()) {
    object[name] = jsonValue(dataTypeID, values[index] ?? null);
  }
  return object;
}

/** MF510 for what the text did wrong, the usual codes for the rest. */
function sqlError(thrown: unknown, text: string): MagFlockError {
  const fields = thrown as ServerErrorFields & { position?: string };
  const mapped = mapError(thrown);
  // A timeout the user set, a failed serialization and the like are the text's own affair as well.
  if (MagFlockError.is(mapped) && /^MF50[1367]$/.test(mapped.code)) return mapped;
  if (fields.code === undefined) return MagFlockError.from(mapped);
  const position = Number(fields.position ?? 0);
  const line =
    position > 0
      ? [...text]
          .slice(0, position - 1)
          .join('')
          .split('\n').length
      : undefined;
  return new MagFlockError('MF510', `${fields.message}${line === undefined ? '' : ` (line ${line})`}`, {
    fix: fields.hint ?? fields.detail,
    details: {
      sqlstate: fields.code,
      ...(line === undefined ? {} : { line, position }),
      ...(fields.detail === undefined ? {} : { detail: fields.detail }),
      ...(fields.hint === undefined ? {} : { hint: fields.hint }),
      ...(fields.where === undefined ? {} : { where: fields.where }),
    },
  });
}
