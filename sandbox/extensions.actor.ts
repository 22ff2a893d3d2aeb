import { defineActor } from '../runtime/actor/define-actor.ts';
import { MagFlockError } from '../runtime/errors/magflock-error.ts';
import type { ExtensionsProtocol } from '../runtime/protocol/extensions.protocol.ts';
import {
  type ExtensionsArguments,
  type ExtensionsStation,
  openStation,
} from './extension/extensions-station.ts';

/** The part `extensions`: third-party code in cages, what it may do, what it uses, and its life cycle. */
export const actor = defineActor<ExtensionsStation, ExtensionsProtocol, ExtensionsArguments>({
  name: 'extensions',
  version: '1.0.0',
  // Each call of an extension waits here for its answer; their own meters bound them.
  concurrency: 16_384,
  mailbox: { limit: 20_000 },
  init: openStation,
  start: (station) => station.start(),
  stop: (station) => station.stop(),
  healthCheck({ lifecycle, runtime, fleet }) {
    const installed = lifecycle.installed().filter(({ wanted }) => wanted !== 'disabled');
    const states = installed.map(({ id }) => runtime.facts(id)?.state ?? 'failed');
    const count = (state: string) => states.filter((one) => one === state).length;
    const facts = {
      extensions: installed.length,
      active: count('active'),
      failed: count('failed'),
      quarantined: count('quarantined'),
      cages: fleet.reports().length,
    };
    const summary = `${facts.extensions} extensions, ${facts.cages} cages`;
    if (facts.failed + facts.quarantined === 0) return { status: 'ok', summary, facts };
    return {
      status: 'degraded',
      summary: `${summary}; ${facts.failed} failed, ${facts.quarantined} in quarantine`,
      fix: 'magflock ext list',
      facts,
    };
  },
  getCapabilities({ lifecycle, fleet }) {
    const cages = fleet.reports();
    const measured = new Set(cages.flatMap((cage) => cage.walls));
    return [
      `${lifecycle.installed().length} extensions installed`,
      measured.size === 0
        ? `no cage runs yet, planned walls: ${fleet.plannedWalls().join(', ')}`
        : `${cages.length} cages, walls: ${[...measured].join(', ')}`,
    ];
  },
  snapshot: (station) => station.table(),
  methods: {
    review: ({ lifecycle }, request) => lifecycle.review(request),
    install: (station, request) => changing(station, station.lifecycle.install(request)),
    update: (station, request) => changing(station, station.lifecycle.update(request)),
    decideUpdate: (station, request) => changing(station, station.lifecycle.decideUpdate(request)),
    remove: (station, request) => changing(station, station.lifecycle.remove(request)),
    list: ({ lifecycle }) => lifecycle.list(null),
    info: ({ lifecycle }, request) => lifecycle.info(request),
    grant: (station, request) => changing(station, station.lifecycle.grant(request)),
    enable: (station, request) => changing(station, station.lifecycle.enable(request)),
    disable: (station, request) => changing(station, station.lifecycle.disable(request)),
    quarantine: (station, request) => changing(station, station.lifecycle.quarantine(request)),
    release: (station, request) => changing(station, station.lifecycle.release(request)),
    publishers: ({ lifecycle }) => lifecycle.publishers(null),
    trust: ({ lifecycle }, request) => lifecycle.trust(request),
    distrust: ({ lifecycle }, request) => lifecycle.distrust(request),
    revoke: (station, request) => changing(station, station.lifecycle.revoke(request)),
    logs({ lifecycle, runtime }, { id, limit }) {
      const found = lifecycle.installed().find((one) => one.id === id || one.name === id);
      if (found === undefined) {
        throw new MagFlockError('MF665', `There is no extension ${id}.`);
      }
      return runtime.logs(found.id, limit);
    },
    cages: ({ fleet }) => fleet.reports(),
    hook: ({ runtime }, { extension, when, project, facts, requestId, timeoutMs }) =>
      runtime.call(extension, { entry: when, payload: facts, project, requestId }, { timeoutMs }),
    request: ({ runtime, context }, { extension, project, request, requestId }) =>
      runtime.call(
        extension,
        { entry: 'request', payload: request, project, requestId },
        { timeoutMs: context.settings['limits.requestTimeoutMs'] },
      ),
  },
});

/** The CPU threads know of a change before it is answered, and also of what one that failed has left. */
async function changing<T>(station: ExtensionsStation, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } finally {
    station.runtime.keep(new Set(station.lifecycle.installed().map(({ id }) => id)));
    await station.publish();
  }
}
