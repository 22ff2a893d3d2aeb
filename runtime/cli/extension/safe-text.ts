import { terminalSafe } from '../../../sandbox/broker/terminal-safe.ts';

/** Words of an extension, its package or its answers, for a terminal. They are hostile. */
export function safeText(text: unknown, most = 200): string {
  return terminalSafe(String(text ?? ''), most);
}
