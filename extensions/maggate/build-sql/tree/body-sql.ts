import type { BodyHandler } from '../../dialects/rest/action-plan.ts';
import type { Routine } from '../../schema-cache/data-schema.ts';
import { csvSql } from './csv-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';

const row = '_postgrest_t';
const scalar = '_postgrest_t.pgrst_scalar';

/**
 * The body, made of the rows `_postgrest_t`.
 * @param returns what a called function returns; undefined for tables
 */
export function bodySql(handler: BodyHandler, returns: Routine['returns'] | undefined): string {
  const isScalar = returns?.kind === 'scalar';
  const value = isScalar ? scalar : row;
  switch (handler.kind) {
    case 'json':
      return returns !== undefined && !returns.setOf ? oneSql(value, false) : allSql(value, false);
    case 'array-stripped':
      return returns !== undefined && !returns.setOf ? oneSql(value, true) : allSql(value, true);
    case 'single-json':
      return oneSql(isScalar && !returns.setOf ? scalar : row, handler.nullsStripped);
    case 'csv':
      return csvSql;
    case 'geojson': {
      const features = `pg_catalog.json_agg(ST_AsGeoJSON(${row})::json)`;
      return `pg_catalog.json_build_object('type', 'FeatureCollection', 'features', coalesce(${features}, '[]'))`;
    }
    case 'custom': {
      const { function: name, relation } = handler.handler;
      if (isScalar && !returns.setOf) return `${qualifiedSql(name)}(${scalar})`;
      const argument = relation === null ? row : `${row}::${qualifiedSql(relation)}`;
      return `${qualifiedSql(name)}(${argument})`;
    }
    case 'none':
      return 'null::text';
  }
}

function allSql(value: string, stripped: boolean): string {
  return `coalesce(${withoutNulls(`pg_catalog.json_agg(${value})`, stripped)}, '[]')`;
}

function oneSql(value: string, stripped: boolean): string {
  return `coalesce(${withoutNulls(`pg_catalog.json_agg(${value})->0`, stripped)}, 'null')`;
}

function withoutNulls(json: string, stripped: boolean): string {
  return stripped ? `pg_catalog.json_strip_nulls(${json})` : json;
}
