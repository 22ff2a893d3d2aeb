import type { ServerErrorFields } from '../map-error.ts';

/** What the reader tells of the server's messages; those that mean nothing to a lane are skipped. */
export interface WireHandler {
  /** Description of a statement's columns, by name. */
  columns(names: readonly string[]): void;
  /**
   * One row. Read its columns now: the buffer is used again.
   * @param offset of the first column's length
   */
  row(buffer: Buffer, offset: number, columns: number): void;
  /** Bytes of a row from which on it is not collected, but thrown away as it comes. */
  longestRow(): number;
  /** Such a row; `row` is not called for it. */
  tooLong(bytes: number): void;
  completed(): void;
  failed(error: ServerErrorFields): void;
  /** ParameterStatus: a setting that the server reports has another value than before. */
  parameterChanged(): void;
  /** ReadyForQuery, with the transaction status: `I` 0x49, `T` 0x54, `E` 0x45. */
  ready(status: number): void;
}

/** Code and length. */
const headerBytes = 5;
const dataRow = 0x44;

/** Field letters of ErrorResponse (protocol-error-fields of the manual). */
const fieldNames: Readonly<Record<string, string>> = {
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  W: 'where',
  s: 'schema',
  t: 'table',
  c: 'column',
  d: 'dataType',
  n: 'constraint',
};

/** Cuts the server's byte stream into messages. Makes no object for the messages of an ordinary transaction. */
export class WireReader {
  readonly #handler: WireHandler;
  /** Pieces of a message that is not complete. Joined once, when it is: an answer may be many megabytes. */
  #pieces: Buffer[] = [];
  #held = 0;
  #needed = 0;
  /** Bytes still to come of a row that nobody wants. */
  #unwanted = 0;

  constructor(handler: WireHandler) {
    this.#handler = handler;
  }

  /** Takes the next piece of the stream. */
  push(chunk: Buffer): void {
    let buffer = chunk;
    if (this.#unwanted > 0) {
      const dropped = Math.min(this.#unwanted, chunk.length);
      this.#unwanted -= dropped;
      if (dropped === chunk.length) return;
      buffer = chunk.subarray(dropped);
    } else if (this.#held > 0) {
      this.#pieces.push(chunk);
      this.#held += chunk.length;
      if (this.#held < this.#needed) return;
      buffer = Buffer.concat(this.#pieces, this.#held);
      this.#pieces = [];
    }
    const end = buffer.length;
    let at = 0;
    this.#needed = headerBytes;
    while (at + headerBytes <= end) {
      const bytes = 1 + buffer.readInt32BE(at + 1);
      if (at + bytes > end) {
        this.#needed = bytes;
        if (buffer[at] === dataRow && bytes > this.#handler.longestRow()) {
          this.#handler.tooLong(bytes);
          this.#unwanted = at + bytes - end;
          at = end;
        }
        break;
      }
      this.#message(buffer, buffer[at] as number, at + headerBytes, at + bytes);
      at += bytes;
    }
    this.#held = end - at;
    if (this.#held > 0) this.#pieces.push(at === 0 ? buffer : buffer.subarray(at));
  }

  #message(buffer: Buffer, code: number, start: number, end: number): void {
    switch (code) {
      case dataRow:
        this.#handler.row(buffer, start + 2, buffer.readInt16BE(start));
        break;
      case 0x43: // CommandComplete
      case 0x49: // EmptyQueryResponse
        this.#handler.completed();
        break;
      case 0x5a: // ReadyForQuery
        this.#handler.ready(buffer[start] as number);
        break;
      case 0x54: // RowDescription
        this.#handler.columns(columnNames(buffer, start));
        break;
      case 0x6e: // NoData: a statement without columns
        this.#handler.columns([]);
        break;
      case 0x45: // ErrorResponse
        this.#handler.failed(errorFields(buffer, start, end));
        break;
      case 0x53: // ParameterStatus
        this.#handler.parameterChanged();
        break;
      default: // ParseComplete, BindComplete, CloseComplete, ParameterDescription, notices and notifications
        break;
    }
  }
}

function columnNames(buffer: Buffer, start: number): string[] {
  const names: string[] = [];
  let at = start + 2;
  for (let column = buffer.readInt16BE(start); column > 0; column--) {
    const end = buffer.indexOf(0, at);
    names.push(buffer.toString('utf8', at, end));
    at = end + 1 + 18; // table, number, type, size, modifier, format
  }
  return names;
}

function errorFields(buffer: Buffer, start: number, end: number): ServerErrorFields {
  const fields: Record<string, string> & { message: string } = { message: '' };
  let at = start;
  while (at < end && buffer[at] !== 0) {
    const name = fieldNames[String.fromCharCode(buffer[at] as number)];
    const stop = buffer.indexOf(0, at + 1);
    if (name !== undefined) fields[name] = buffer.toString('utf8', at + 1, stop);
    at = stop + 1;
  }
  return fields;
}
