/** What to do about relations that are embedded too deep: ask for less, or have more allowed. */
export function depthFix(most: number): string {
  return `Embed no more than ${most} levels. depth in the project's setting limits, or in the limits of the key, allows more.`;
}
