/** Address of one extension on the control socket, with what comes below it. */
export function extensionPath(name: string, below = ''): string {
  return `/extensions/${encodeURIComponent(name)}${below}`;
}
