/** What the host knows of a call of a guest when the guest asks for something in it. Never crosses into the cage. */
export interface CallTag {
  readonly project: string | null;
  readonly requestId: string | null;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
}
