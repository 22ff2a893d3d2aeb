import type { Flag } from './command.ts';

/** Flags that every command takes; the same name means the same everywhere. */
export const globalFlags: readonly Flag[] = [
  { name: 'data', value: 'folder', summary: 'data folder (default .magflock)' },
  { name: 'port', value: 'number', summary: 'port of the API; 0 picks a free one (default 8080)' },
  { name: 'admin-port', value: 'number', summary: 'port of metrics and health (default 9090)' },
  { name: 'config', value: 'file', summary: 'settings file (default magflock.config.jsonc)' },
  { name: 'project', value: 'ref', summary: 'project to work on (default main)' },
  { name: 'json', summary: 'data for programs instead of text for people' },
  { name: 'yes', short: 'y', summary: 'answer every question with yes' },
  { name: 'no-color', summary: 'no colours' },
  { name: 'quiet', short: 'q', summary: 'only data and errors' },
  { name: 'verbose', short: 'v', summary: 'more detail, stack traces of errors' },
  { name: 'help', short: 'h', summary: 'this help' },
  { name: 'version', summary: 'the version' },
];
