import type { ApiOperation } from '../../schema-cache/api-operation.ts';

/** One line of GET /api. */
export interface Endpoint {
  readonly operation: ApiOperation;
  readonly method: string;
  /** Below the project's base URL: `/api/playlist_track/{playlist_id},{track_id}`. */
  readonly path: string;
  readonly table: string;
}
