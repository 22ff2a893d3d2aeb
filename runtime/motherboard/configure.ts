import { isDeepStrictEqual } from 'node:util';
import {
  type SettingDefinition,
  type SettingName,
  type Settings,
  settingDefinitions,
} from '../../config/settings.ts';
import type { ActorHost } from '../placement/actor-host.ts';
import type { Switchboard } from '../placement/switchboard.ts';
import type { SettingsChange } from '../protocol/motherboard.protocol.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Milliseconds a thread gets to take settings over. */
const configureMs = 5_000;

/**
 * Takes over, in every thread, what differs and may change while the machine runs.
 * @param next all settings as they would be after a restart
 */
export async function configure(
  machine: { readonly host: ActorHost; readonly switchboard: Switchboard; readonly log: Logger },
  next: Settings,
): Promise<SettingsChange> {
  const { host, switchboard, log } = machine;
  const before = host.settings;
  const changed = (Object.keys(settingDefinitions) as SettingName[]).filter(
    (name) => !isDeepStrictEqual(before[name], next[name]),
  );
  const live = changed.filter((name) => (settingDefinitions[name] as SettingDefinition).reload === 'live');
  const restart = changed.filter((name) => !live.includes(name));
  if (live.length > 0) {
    const now = { ...before, ...Object.fromEntries(live.map((name) => [name, next[name]])) } as Settings;
    // The main thread first: threads that are born meanwhile get the settings it has.
    host.configure(now, live);
    const told = switchboard
      .threads()
      .map((thread) => thread.order('configure', { settings: now, changed: live }, configureMs));
    for (const outcome of await Promise.allSettled(told)) {
      if (outcome.status === 'rejected') log.warn({ err: outcome.reason }, 'a thread has the old settings');
    }
    log.info({ settings: live }, 'settings changed');
  }
  return {
    applied: live.map((name) => ({ name, from: shown(name, before), to: shown(name, next) })),
    restart,
  };
}

function shown(name: SettingName, settings: Settings): SettingsChange['applied'][number]['from'] {
  return (settingDefinitions[name] as SettingDefinition).secret === true ? '[set]' : settings[name];
}
