import { apiErrors } from './catalog/api.errors.ts';
import { authErrors } from './catalog/auth.errors.ts';
import { bootErrors } from './catalog/boot.errors.ts';
import { cliErrors } from './catalog/cli.errors.ts';
import { requestErrors } from './catalog/request.errors.ts';
import { runtimeErrors } from './catalog/runtime.errors.ts';
import { sentinelErrors } from './catalog/sentinel.errors.ts';
import { storageErrors } from './catalog/storage.errors.ts';
import type { ErrorDefinition } from './error-definition.ts';

/**
 * Every error MagFlock can answer with. Code ranges by area: MF1xx request, MF2xx identity, MF3xx security
 * mesh, MF4xx data API, MF5xx storage, MF6xx runtime, MF7xx boot and configuration, MF8xx command line.
 * A code is never reused; a retired one stays as a comment in its area's file.
 */
export const errorCatalog = {
  ...requestErrors,
  ...authErrors,
  ...sentinelErrors,
  ...apiErrors,
  ...storageErrors,
  ...runtimeErrors,
  ...bootErrors,
  ...cliErrors,
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCatalog;
