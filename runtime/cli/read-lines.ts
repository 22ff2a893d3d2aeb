const NEWLINE = 10;

/** A line that was longer than allowed; its text is gone. */
export interface LongLine {
  readonly tooLong: true;
}

/**
 * The lines of a stream of bytes, split at line feeds and nowhere else (`readline` splits at U+2028, too, which may
 * stand in JSON). Bytes that are no UTF-8 become U+FFFD. Reads no further than the reader asks.
 * @param most bytes of a line; of a longer one nothing is kept
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  most = 16 * 1024 * 1024,
): AsyncGenerator<string | LongLine> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (): string | LongLine => {
    const line = bytes > most ? ({ tooLong: true } as const) : Buffer.concat(parts).toString('utf8');
    parts = [];
    bytes = 0;
    return line;
  };
  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes > most) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  for await (const chunk of source) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, to));
      yield take();
      from = to + 1;
    }
    keep(chunk.subarray(from));
  }
  // Without a line feed at its end the last line is one all the same.
  if (bytes > 0) yield take();
}
