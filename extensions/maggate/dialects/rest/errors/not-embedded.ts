import { RestError } from '../rest-error.ts';

/**
 * PGRST108: a filter, order or limit is for a relation that is not embedded.
 * @param renamed the relation is embedded under an alias, and its own name does not count
 */
export function notEmbedded(
  name: string,
  renamed: { readonly name: string; readonly alias: string } | undefined,
): RestError {
  const message = `'${name}' is not an embedded resource in this request`;
  if (renamed === undefined) {
    const hint = `Verify that '${name}' is included in the 'select' query parameter.`;
    return new RestError(400, 'PGRST108', message, { hint });
  }
  return new RestError(400, 'PGRST108', message, {
    details: 'Target names are not allowed in filters if they have an alias',
    hint: `Change '${renamed.name}' to '${renamed.alias}' in filters, orders or limits.`,
  });
}
