/** Kinds of frames between daemon and cage. Below 64 they go into the cage, from 64 on they come out of it. */
export const frameKind = {
  /** id; body: JSON `LoadRequest`. */
  load: 1,
  /** id; body: call header (`call-body.ts`) and the payload. */
  call: 2,
  /** id of the call. */
  cancel: 3,
  /** id of the system call; body: one byte 1 for fine or 0 for refused, then JSON: the value, or an `ErrorEnvelope`. */
  result: 4,
  unload: 5,
  /** id; slot 0 asks the process, another slot its isolate. */
  ping: 6,
  /** Body: JSON `CageHello`, once, when it may be used. */
  ready: 64,
  /** id of the load; body as of `result`: the value is a `LoadedGuest`. */
  loaded: 65,
  /** id of the call; body: `answer-body.ts`. */
  answer: 66,
  /** id, made in the cage; body: JSON `[capability, method, arguments, id of the call or null]`. */
  syscall: 67,
  /** Body: one byte of the level (0 debug to 3 error), then text. */
  log: 68,
  /** id of the ping; body: JSON `GuestVitals`. */
  pong: 69,
  /** Body: JSON `GuestEnd`. The slot is empty now. */
  ended: 70,
} as const;

export type FrameKind = (typeof frameKind)[keyof typeof frameKind];
