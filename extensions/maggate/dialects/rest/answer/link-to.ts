import type { GatewayRequest } from '../../../../sdk/index.ts';

const unsendable = /[\u0000-\u001f\u007f]/g;

/**
 * The path of a table: `/rest/v1/items`. Names stay as they are written, as in PostgREST, but for what would break the
 * header.
 */
export function linkTo({ mount }: GatewayRequest, table: string): string {
  return `${mount}/${table.replace(unsendable, encodeURIComponent)}`;
}
