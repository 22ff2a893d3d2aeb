const keptByComponent = /[!'()*]/g;

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(
    keptByComponent,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
