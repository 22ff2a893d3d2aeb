import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import { frameKind } from '../protocol/frame-kind.ts';
import { noId } from '../protocol/frame-limits.ts';
import { FrameReader } from '../protocol/frame-reader.ts';
import { FrameWriter } from '../protocol/frame-writer.ts';
import { CageSlots } from './cage-slots.ts';
import { disarmProcess } from './disarm-process.ts';

/**
 * Entry of a cage process. Frames go both ways over file descriptor 3; it ends when that closes.
 * Exit codes: 0 the daemon closed it, 65 the daemon sent what it never sends, 70 a fault of its own, 71 the engine
 * lost an isolate.
 */
const { _kill, reallyExit, abort, pid } = process as NodeJS.Process & {
  _kill(pid: number, signal: number): void;
  reallyExit(code: number): never;
};

function leave(code: number): never {
  // A thread that never ends again would hold up an ordinary exit. In a PID namespace of its own the first process
  // does not get its own signal, so the exit follows.
  if (code === 0) _kill.call(process, pid, 9);
  if (code === 71) abort.call(process);
  return reallyExit.call(process, code);
}

process.on('uncaughtException', () => leave(70));

const line = new Socket({
  fd: 3,
  readable: true,
  writable: true,
  // One buffer for all reads: otherwise each takes 64 KiB of its own, for a frame of some hundred bytes.
  onread: { buffer: Buffer.allocUnsafeSlow(64 * 1024), callback: take },
});
const writer = new FrameWriter(
  (bytes) => line.write(bytes),
  undefined,
  (bytes, done) => line.write(bytes, done),
);
const slots = new CageSlots(writer, leave);
const reader = new FrameReader('cage');

function take(length: number, buffer: Uint8Array): boolean {
  try {
    for (const frame of reader.read((buffer as Buffer).subarray(0, length))) slots.receive(frame);
  } catch (error) {
    leave(error instanceof RangeError ? 65 : 70);
  }
  return true;
}

line.on('error', () => leave(0));
line.on('end', () => leave(0));
line.on('close', () => leave(0));

disarmProcess();
writer.send(frameKind.ready, 0, noId, '{}');
