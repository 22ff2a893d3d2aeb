import { RestError } from '../rest-error.ts';

/** PGRST118: `order=relation(column)` of a relation with several rows. */
export function orderNotToOne(table: string, relation: string): RestError {
  return new RestError(400, 'PGRST118', `A related order on '${relation}' is not possible`, {
    details: `'${table}' and '${relation}' do not form a many-to-one or one-to-one relationship`,
  });
}
