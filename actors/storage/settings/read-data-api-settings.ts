import type { DataApiSettings } from '../../../runtime/protocol/data-api-settings.ts';
import type { Pools } from '../postgres/pools.ts';
import { defaultDataApiSettings } from './default-data-api-settings.ts';

/** Settings of a project's data API with the defaults filled in; those of an unknown project are the defaults. */
export async function readDataApiSettings(
  pools: Pick<Pools, 'query'>,
  project: string,
): Promise<DataApiSettings> {
  const { rows } = await pools.query('control', {
    text: 'select settings::text as settings from cp_core.data_api_settings where project = $1',
    values: [project],
  });
  const stored = rows[0] === undefined ? {} : JSON.parse(String(rows[0]['settings']));
  return { ...defaultDataApiSettings, ...stored };
}
