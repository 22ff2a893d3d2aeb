import type { GuestSettings } from './guest-settings.ts';

export type GuestLogWriter = (level: number, parts: readonly unknown[]) => void;

/**
 * Runs inside an isolate, from its own source text: it must not name anything outside of itself.
 * Makes text of what a guest logs, and drops what is more than its lines per second.
 * @param emit takes a level and a text
 * @param now the real clock, milliseconds
 */
export function guestLog(
  settings: GuestSettings,
  emit: (level: number, text: string) => void,
  now: () => number,
): GuestLogWriter {
  const most = settings.logLinesPerSecond;
  const longest = settings.limits.logText;
  let second = 0;
  let lines = 0;
  let dropped = 0;
  const textOf = (part: unknown): string => {
    try {
      if (typeof part === 'string') return part;
      if (part instanceof Error) return `${part.stack ?? part}`;
      if (typeof part === 'object' && part !== null) return JSON.stringify(part) ?? '[object]';
      return String(part);
    } catch {
      return '[cannot be shown]';
    }
  };
  return (level, parts) => {
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      second = current;
      lines = 0;
      if (dropped > 0) {
        emit(2, `${dropped} lines were dropped: more than ${most} per second`);
        dropped = 0;
      }
    }
    lines += 1;
    if (lines > most) {
      dropped += 1;
      return;
    }
    let text = '';
    for (let at = 0; at < parts.length && text.length <= longest; at += 1) {
      text += `${at === 0 ? '' : ' '}${textOf(parts[at])}`;
    }
    if (text.length > longest) text = `${text.slice(0, longest)}…`;
    // No escape sequences for whoever reads the log in a terminal.
    emit(level, text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, '?'));
  };
}
