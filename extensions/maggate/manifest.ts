import type { ExtensionManifest } from '../sdk/index.ts';

/** What MagGate asks of the operator. */
export const manifest: ExtensionManifest = {
  id: 'magflock.maggate',
  name: 'maggate',
  version: '0.1.0',
  description:
    'Instant data API for every table, view and function of a project, also in the dialect of PostgREST.',
  requiredComponents: ['storage'],
  permissions: [
    { capability: 'catalog.read', scope: ['*'], reason: 'Endpoints are made from the tables that exist.' },
    { capability: 'catalog.watch', scope: ['*'], reason: 'A new table gets its endpoints within a second.' },
    { capability: 'query.plan', scope: ['*'], reason: 'Requests become plans that the host executes.' },
    {
      capability: 'http.mount',
      scope: ['/api', '/batch/v1', '/rest/v1'],
      reason:
        'The API is served below /api, batches below /batch/v1, and the dialect of PostgREST below /rest/v1.',
    },
  ],
};
