/**
 * Takes off the one layer of percent-encoding that a URL needs, so that the patrol judges what the application reads:
 * an honest sentence is not suspicious for its `%20`. What is no valid UTF-8 then (`%bf%27`, overlong forms) stays as it
 * was received; further layers are taken off by `normalise/` and count as the encodings they are.
 * @param text percent-encoded, blanks for plus signs already
 */
export function decodeTransport(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
