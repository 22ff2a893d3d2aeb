import { ExtensionError, type JsonText } from '../../sdk/index.ts';

export type JsonObject = Extract<JsonText, { kind: 'object' }>;

/** The rows in a body. */
export interface Documents {
  /** True when the body was a list, even of one. */
  readonly many: boolean;
  readonly rows: readonly JsonObject[];
}

/**
 * The rows a body holds: one object, or a list of objects.
 * @param list false where only one row makes sense (PUT, PATCH)
 * @throws MF423 naming what was found instead
 */
export function parseDocuments(json: JsonText | undefined, list: boolean): Documents {
  if (json === undefined) throw wrongBody('There is no JSON body.', list);
  if (json.kind === 'object') return { many: false, rows: [json] };
  if (json.kind !== 'array' || !list) throw wrongBody(`The body is ${describe(json)}.`, list);
  if (json.items.length === 0) throw wrongBody('The list in the body is empty.', list);
  const rows: JsonObject[] = [];
  for (const [index, item] of json.items.entries()) {
    if (item.kind !== 'object') throw wrongBody(`Item ${index} of the list is ${describe(item)}.`, list);
    rows.push(item);
  }
  return { many: true, rows };
}

function wrongBody(message: string, list: boolean): ExtensionError {
  return new ExtensionError('MF423', message, {
    fix: list
      ? 'Send one JSON object with the columns of the row, or a list of such objects.'
      : 'Send one JSON object with the columns of the row.',
  });
}

function describe(json: JsonText): string {
  if (json.kind === 'array') return 'a list';
  if (json.kind === 'object') return 'an object';
  if (json.kind === 'true' || json.kind === 'false') return 'a boolean';
  return json.kind === 'null' ? 'null' : `a ${json.kind}`;
}
