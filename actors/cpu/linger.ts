import type { Socket } from 'node:net';

const lingerMs = 1_000;

/**
 * Closes a connection whose client may still be sending: says goodbye, then swallows what arrives for a moment.
 * Closing at once with unread bytes would reset the connection, and the client would lose the answer it needs
 * (RFC 9112 §9.6).
 */
export function linger(socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.end();
  socket.resume();
}
