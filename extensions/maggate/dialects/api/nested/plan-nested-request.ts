import { shapeOf } from '../../../../sdk/gateway.ts';
import type { GatewayRequest } from '../../../../sdk/index.ts';
import type { Documents } from '../../../parse/parse-documents.ts';
import type { ApiPlan } from '../api-plan.ts';
import type { ApiTarget } from '../api-target.ts';
import { rowOptions } from '../row-options.ts';
import { wantsMinimal } from '../wants-minimal.ts';
import type { NestedReading } from './nested-reading.ts';
import { NestedWriter } from './nested-writer.ts';
import { readNestedRow } from './read-nested-row.ts';
import { locationSql, shownListSql, shownRowSql } from './shown-row-sql.ts';
import { type AddressedRow, writeTopRow } from './write-nested-row.ts';

/** More values than this are no shape that comes again. */
const mostShaped = 60;

/**
 * A write whose body holds rows of other tables: read this first. Each object becomes a part of one statement (a CTE
 * that writes), parents before children, and the answer shows what was written in the form of the body.
 *
 * POST makes rows; an object with nothing but its key stands for a row that is there. In PATCH and PUT an object with
 * its key changes that row, one without makes a row, `"$delete": true` deletes it; `"$upsert": true` (everywhere) makes
 * the row or changes the one with its key. Rows of a list that the body does not name stay as they are.
 * @param address of the row that is changed; undefined for POST
 * @throws MF402, MF405, MF422, MF423, MF424, MF426
 */
export function planNestedRequest(
  { schema, table }: ApiTarget,
  request: GatewayRequest,
  documents: Documents,
  purpose: 'create' | 'update' | 'replace',
  address?: AddressedRow,
): ApiPlan {
  const { many } = documents;
  const minimal = wantsMinimal(request.headers);
  const columns = rowOptions(table, request.query);
  const mode = purpose === 'create' ? 'create' : 'change';
  const reading: NestedReading = { schema, relations: schema.data(), mode, rows: 0 };
  const writer = new NestedWriter();
  const action = purpose === 'create' ? 'insert' : purpose;
  const rows = documents.rows.map((document, index) => {
    const place = many ? `item ${index} of the body` : 'the body';
    return writeTopRow({ writer, minimal }, readNestedRow(reading, table, document, place, action), address);
  });
  const shown = many ? shownListSql(rows, columns) : `(${shownRowSql(rows[0]!, columns)})`;
  const guards = writer.guards.map((guard) => `\n  ${guard}`).join('');
  const location = many || minimal || purpose !== 'create' ? '' : locationSql(rows[0]!);
  const text = `with ${writer.parts.join(', ')}
select case${guards} else ${minimal ? 'null' : `${shown}::text`} end as body,
  ${rows.length}::bigint as rows${location}`;
  const parameters = writer.parameters.all;
  const operation = purpose === 'create' ? 'insert' : 'update';
  const status = purpose === 'create' ? 201 : minimal ? 204 : 200;
  const types = parameters.map(({ column }) => column?.type ?? '');
  return {
    access: 'write',
    operation,
    table: { schema: table.schema, name: table.name },
    sql: text,
    parameters: writer.values,
    parameterColumns: parameters.map(({ column }) => column?.name ?? null),
    shape: parameters.length > mostShaped ? undefined : shapeOf(text, types),
    schemaVersion: schema.version,
    answer: { status, contentType: 'application/json; charset=utf-8' },
    action: purpose,
    // What is done to the top row is the plan's own operation.
    further: writer.operations.filter(
      ({ table: { name }, action: done }) => name !== table.name || done !== purpose,
    ),
    purpose: many ? 'create-many' : purpose,
    minimal,
    sources: parameters.map(({ source }) => source),
    parameterTables: writer.tables,
  };
}
