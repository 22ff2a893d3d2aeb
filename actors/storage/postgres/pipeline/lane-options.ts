import type { Settings } from '../../../../config/settings.ts';
import { laneConnections } from '../share-connections.ts';
import type { LanesOptions } from './lanes.ts';

/**
 * Options of the lanes of one CPU thread.
 * @param threads CPU threads that share the cap
 */
export function laneOptions(
  settings: Pick<
    Settings,
    | 'storage.maxConnections'
    | 'storage.laneConnections'
    | 'storage.statementTimeoutMs'
    | 'storage.idleSeconds'
  >,
  threads: number,
): Omit<LanesOptions, 'sealed' | 'active'> {
  const connections = laneConnections(settings['storage.maxConnections'], threads);
  return {
    connections,
    idleMs: settings['storage.idleSeconds'] * 1000,
    lane: {
      connections: settings['storage.laneConnections'],
      spare: Math.min(5, Math.ceil(connections / 3)),
      exclusive: Math.min(3, connections - 1),
      depth: 256,
      waiting: 1000,
      statementTimeoutMs: settings['storage.statementTimeoutMs'],
    },
  };
}
