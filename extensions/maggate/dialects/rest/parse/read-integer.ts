const integer = /^-?[0-9]+$/;
/** Far beyond any row number; larger ones would lose their plain notation. */
const largest = 1e20;

/** An integer with blanks around it, or undefined. */
export function readInteger(text: string): number | undefined {
  const trimmed = text.trim();
  if (!integer.test(trimmed)) return undefined;
  // `+ 0` makes 0 of -0.
  return Math.min(largest, Math.max(-largest, Number(trimmed))) + 0;
}
