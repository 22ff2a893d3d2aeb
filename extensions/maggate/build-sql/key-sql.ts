import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { columnName } from './column-name.ts';
import type { ParameterList } from './parameter-list.ts';

/** `t."playlist_id" = $1 and t."track_id" = $2` */
export function keySql(key: readonly ColumnSchema[], parameters: ParameterList): string {
  return key.map((column) => `${columnName('t', column)} = ${parameters.add('id', column)}`).join(' and ');
}
