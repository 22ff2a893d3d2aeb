import type { Flag } from '../command.ts';

/** Flags that `ext install` and `ext update` share. */
export const installationFlags: readonly Flag[] = [
  {
    name: 'approve',
    value: 'file',
    summary: 'JSON: the permissions that you approve, or a review of the package',
  },
  { name: 'set', value: 'list', summary: 'its configuration: name=value,other=2, or a JSON object' },
  { name: 'allow-unsigned', summary: 'also without a signature of a publisher you trust' },
];
