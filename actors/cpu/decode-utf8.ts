import { isUtf8 } from 'node:buffer';

const byteOrderMark = 0xfeff;

/**
 * Bytes as text, or undefined when they are not valid UTF-8 (what a fatal TextDecoder refuses, at a third of
 * its price for small bodies). A leading byte order mark is dropped (RFC 8259 §8.1 allows it).
 */
export function decodeUtf8(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}
