/** The request was answered before: nothing was done, and the kept answer is to be read. */
export class KnownAnswer extends Error {
  override readonly name = 'KnownAnswer';
}
