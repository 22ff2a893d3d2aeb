import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';
import { shownPath } from './shown-path.ts';

/** Names that Windows gives to devices, with any extension. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;
const single = [
  'magflock.extension.json',
  'extension.js',
  'README.md',
  'magflock.sig.json',
  'magflock.rotation.json',
];

/**
 * Whether a package may hold a file of this path: it stays below any folder it is written to, on any system, and
 * is one of the known kinds.
 * @throws MF666
 */
export function assertSafePath(path: string): void {
  const shown = shownPath(path);
  const refuse = (why: string): never => {
    throw packageRefused(`the path ${shown} ${why}`);
  };
  if (path === '') refuse('is empty');
  if (Buffer.byteLength(path) > packageLimits.path) refuse(`is longer than ${packageLimits.path} bytes`);
  if (path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path)) refuse('is absolute');
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\uFFFD]/u.test(path)) refuse('has control characters');
  if (/[\\:*?"<>|]/.test(path)) refuse('has a character that not every system allows: \\ : * ? " < > |');
  if (path !== path.normalize('NFC')) refuse('is not in Unicode NFC');
  for (const part of path.split('/')) {
    if (part === '') refuse('has an empty part');
    if (part === '.' || part === '..') refuse('leaves its folder');
    if (/[. ]$/.test(part) || part.startsWith(' '))
      refuse('has a part that begins with a space or ends with a dot or space');
    if (devices.test(part)) refuse('has the name of a device');
  }
  if (single.includes(path)) return;
  if (/^migrations\/[^/]+$/.test(path) && !/^migrations\/[a-z0-9][a-z0-9_-]*\.sql$/.test(path))
    refuse('is no migration: migrations/<name>.sql in lower case');
  if (!path.startsWith('migrations/') && !path.startsWith('assets/'))
    refuse(`is not one of ${single.join(', ')}, migrations/*.sql, assets/**`);
  if (/^migrations\/.*\//.test(path)) refuse('is below a folder of migrations');
}
