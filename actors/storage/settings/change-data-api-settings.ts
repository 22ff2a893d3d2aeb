import { checkSettingChanges } from '../../../runtime/project-settings/check-setting-changes.ts';
import { dataApiSettingDefinitions } from '../../../runtime/project-settings/data-api-setting-definitions.ts';
import type { DataApiSettings } from '../../../runtime/protocol/data-api-settings.ts';
import type { Pools } from '../postgres/pools.ts';
import { defaultDataApiSettings } from './default-data-api-settings.ts';

/**
 * Changes settings of a project's data API, all or none, and notes it as a change of the project's schema: the version
 * grows, and who watches reads the catalogue again.
 * @throws MF520 naming the setting
 */
export async function changeDataApiSettings(
  pools: Pick<Pools, 'query'>,
  project: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<DataApiSettings> {
  const { set, unset } = checkSettingChanges(dataApiSettingDefinitions, changes);
  const { rows } = await pools.query('control', {
    text: `insert into cp_core.data_api_settings as known (project, settings) values ($1, $2::jsonb)
      on conflict (project) do update
        set settings = (known.settings || excluded.settings) - $3::text[], updated_at = clock_timestamp()
      returning settings::text as settings`,
    values: [project, JSON.stringify(set), unset],
  });
  await pools.query(`project:${project}`, { text: 'select mg_sys.note_schema_change()' });
  return { ...defaultDataApiSettings, ...JSON.parse(String(rows[0]?.['settings'])) };
}
