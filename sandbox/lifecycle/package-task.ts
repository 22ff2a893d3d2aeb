import type { ErrorEnvelope } from '../../runtime/errors/error-envelope.ts';
import type { Trust } from '../package/verify-package.ts';
import type { InspectedPackage } from './package-tools.ts';

/** What a worker is to do with a package: say what it is, or write its files. */
export type PackageTask =
  | { readonly kind: 'inspect'; readonly bytes: Uint8Array; readonly trust: Trust }
  | { readonly kind: 'unpack'; readonly bytes: Uint8Array; readonly folder: string };

export type PackageTaskOutcome =
  | { readonly kind: 'done'; readonly inspected: Omit<InspectedPackage, 'unpack'> | null }
  | { readonly kind: 'failed'; readonly error: ErrorEnvelope };
