import { ExtensionError, type GatewayContext } from '../../../../sdk/index.ts';
import type { Cursor } from './cursor.ts';

const version = 1;
/** A URL has to hold it: receivers take 8,000 octets at least (RFC 9110 §4.1). */
const longest = 6000;

const restart = 'Begin with the first page: cursor= (empty).';

/**
 * A cursor as the caller gets it: base64url of its JSON, a dot, its signature.
 * @throws MF407 when the values are too long for a URL
 */
export function writeCursor(cursor: Cursor, { sign }: Pick<GatewayContext, 'sign'>): string {
  const { project, table, sort, filters, backward, inclusive, values } = cursor;
  const text = JSON.stringify([version, project, table, sort, filters, backward, inclusive, values]);
  const encoded = `${Buffer.from(text).toString('base64url')}.${sign(text)}`;
  if (encoded.length > longest) {
    throw new ExtensionError('MF407', 'The values of a row are too long for a cursor.', {
      fix: 'Sort by columns with shorter values.',
      details: { parameter: 'cursor', length: encoded.length, longest },
    });
  }
  return encoded;
}

/**
 * Reads a cursor that a caller sent.
 * @param list what it has to be of
 * @throws MF407 naming what differs
 */
export function readCursor(
  text: string,
  list: Pick<Cursor, 'project' | 'table' | 'sort' | 'filters'>,
  { verify }: Pick<GatewayContext, 'verify'>,
): Cursor {
  const dot = text.indexOf('.');
  const encoded = text.slice(0, Math.max(0, dot));
  const bytes = Buffer.from(encoded, 'base64url');
  const json = bytes.toString();
  if (bytes.toString('base64url') !== encoded || dot === -1 || !verify(json, text.slice(dot + 1))) {
    throw refused('This cursor was changed or cut on its way, or is not of this server.', 'signature');
  }
  // It is ours, so it has the form that it was given.
  const [written, project, table, sort, filters, backward, inclusive, values] = JSON.parse(json);
  if (written !== version) throw refused('This cursor was made by another version.', 'version');
  const cursor: Cursor = { project, table, sort, filters, backward, inclusive, values };
  if (project !== list.project) throw refused('This cursor is of another project.', 'project');
  if (table !== list.table) throw refused(`This cursor is of "${table}", not of "${list.table}".`, 'table');
  if (sort !== list.sort) {
    throw refused(`This cursor is of the list sorted by ${sort}, not by ${list.sort}.`, 'sort');
  }
  if (filters !== list.filters) throw refused('This cursor is of the list with other filters.', 'filters');
  return cursor;
}

function refused(message: string, differs: string): ExtensionError {
  return new ExtensionError('MF407', message, { fix: restart, details: { parameter: 'cursor', differs } });
}
