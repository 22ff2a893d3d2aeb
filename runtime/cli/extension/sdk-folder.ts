import { fileURLToPath } from 'node:url';

/** Folder of the package `@magflock/sdk` that comes with this MagFlock: its sources in a checkout, else what was built. */
export const sdkFolder: string = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../extensions/sdk/' : '../../../sdk-package/',
    import.meta.url,
  ),
);
