import type { DataApiSettings, TokenSettings } from '../../../runtime/protocol/data-api-settings.ts';
import { type HaskellValue, isUnknownHaskellValue } from './haskell-value.ts';
import { parseRecordUpdate } from './parse-record-update.ts';

type SettingValues = { -readonly [Name in keyof (DataApiSettings & TokenSettings)]?: unknown };

/** A configuration of a specification, as settings of a project. */
export interface ConfigSettings {
  /** Every setting that the specification's base configuration or this one names. */
  readonly settings: Readonly<SettingValues>;
  /** What could not be carried over, a sentence each. */
  readonly remarks: readonly string[];
}

/** The secret of the specification; `generateSecret` in its texts. */
export const specificationSecret = 'reallyreallyreallyreallyverysafe';

const base: SettingValues = {
  appSettings: { app_host: 'localhost', external_api_secret: specificationSecret },
  clientErrorVerbosity: 'verbose',
  dbAggregatesEnabled: false,
  dbAnonRole: 'postgrest_test_anonymous',
  dbExtraSearchPath: [],
  dbMaxRows: null,
  dbPlanEnabled: false,
  dbPreRequest: 'test.switch_role',
  dbRootSpec: null,
  dbSchemas: ['test'],
  dbTxEnd: 'rollback-allow-override',
  jwtAud: null,
  jwtRoleClaimKey: '.role',
  jwtSecret: specificationSecret,
  jwtSecretIsBase64: false,
  openapiMode: 'follow-privileges',
  openapiSecurityActive: false,
  openapiServerProxyUri: null,
  // No list means any origin there, and the daemon's own setting here.
  serverCorsAllowedOrigins: ['*'],
  serverTimingEnabled: true,
  serverTraceHeader: null,
  urlUseLegacyTargetNames: true,
};

const knownNames: Readonly<Record<string, HaskellValue>> = {
  generateSecret: specificationSecret,
  Minimal: 'minimal',
  Verbose: 'verbose',
  OAFollowPriv: 'follow-privileges',
  OAIgnorePriv: 'ignore-privileges',
  OADisabled: 'disabled',
};

/** Fields with a setting of the same meaning. */
const plainFields: Readonly<Record<string, keyof SettingValues>> = {
  configClientErrorVerbosity: 'clientErrorVerbosity',
  configDbAggregates: 'dbAggregatesEnabled',
  configDbAnonRole: 'dbAnonRole',
  configDbExtraSearchPath: 'dbExtraSearchPath',
  configDbHoistedTxSettings: 'dbHoistedTxSettings',
  configDbMaxRows: 'dbMaxRows',
  configDbPlanEnabled: 'dbPlanEnabled',
  configDbPreRequest: 'dbPreRequest',
  configDbRootSpec: 'dbRootSpec',
  configDbSchemas: 'dbSchemas',
  configJwtAudience: 'jwtAud',
  configJwtCacheMaxEntries: 'jwtCacheMaxEntries',
  configJwtRoleClaimKey: 'jwtRoleClaimKey',
  configJwtSecret: 'jwtSecret',
  configJwtSecretIsBase64: 'jwtSecretIsBase64',
  configOpenApiMode: 'openapiMode',
  configOpenApiSecurityActive: 'openapiSecurityActive',
  configOpenApiServerProxyUri: 'openapiServerProxyUri',
  configServerCorsAllowedOrigins: 'serverCorsAllowedOrigins',
  configServerTimingEnabled: 'serverTimingEnabled',
  configServerTraceHeader: 'serverTraceHeader',
  configUrlUseLegacyTargetNames: 'urlUseLegacyTargetNames',
};

/** Fields that say how that server runs, not what it answers. */
const withoutCounterpart =
  /^config(?:Admin|DbChannel|DbConfig|DbPool|DbPreConfig|DbPrepared|DbUri|FilePath|Internal|Log|Server(?:Host|Port|Reuse|Unix))/;

/**
 * Turns the `config` of a case into settings of a project. The base configuration is the one that the specification
 * runs with unless it says otherwise (README of its data); a configuration of another name counts as that one.
 * @throws SyntaxError when the text is no record update
 */
export function settingsOfConfig(config: string): ConfigSettings {
  const { base: name, fields } = parseRecordUpdate(config, knownNames);
  const settings: SettingValues = { ...base };
  const remarks: string[] = [];
  if (name !== 'baseCfg' && name !== '')
    remarks.push(`${name} is not known, the base configuration is taken`);
  for (const [field, value] of fields) {
    const setting = plainFields[field];
    if (isUnknownHaskellValue(value)) {
      if (field !== 'configJWKS' || !fields.has('configJwtSecret'))
        remarks.push(`${field}: its value is not here`);
    } else if (setting !== undefined) settings[setting] = plainValue(setting, value);
    else if (field === 'configAppSettings') settings.appSettings = appSettings(value);
    else if (field === 'configJWKS') {
      if (!fields.has('configJwtSecret')) settings.jwtSecret = value;
    } else if (field !== 'configDbTxRollbackAll' && field !== 'configDbTxAllowOverride') {
      if (!withoutCounterpart.test(field)) remarks.push(`${field} has no setting`);
    }
  }
  const rollback = fields.get('configDbTxRollbackAll') ?? true;
  const override = fields.get('configDbTxAllowOverride') ?? true;
  settings.dbTxEnd = `${rollback === true ? 'rollback' : 'commit'}${override === true ? '-allow-override' : ''}`;
  return { settings, remarks };
}

function plainValue(setting: keyof SettingValues, value: HaskellValue): unknown {
  if (setting === 'jwtRoleClaimKey') return Array.isArray(value) ? value.join('') : value;
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'qualified-name') {
    return value.schema === '' ? value.name : `${value.schema}.${value.name}`;
  }
  return value;
}

function appSettings(value: HaskellValue): Readonly<Record<string, string>> {
  const pairs = (Array.isArray(value) ? value : []) as readonly (readonly [string, string])[];
  return Object.fromEntries(pairs.map(([name, text]) => [name.replace(/^app\.settings\./, ''), text]));
}
