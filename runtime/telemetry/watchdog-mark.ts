/** Words at the beginning of the shared memory. */
const word = {
  beat: 0,
  sequence: 1,
  actor: 2,
  method: 3,
  child: 4,
  watched: 5,
  claimed: 6,
  labels: 7,
} as const;
const firstLabel = 16;
const labelLimit = 1_024;
const textStart = (firstLabel + labelLimit + 1) * 4;
const textBytes = 64 * 1024;

/** What a thread was doing when it was looked at. */
export interface MarkReading {
  /** Counts up with every turn of the event loop in which the thread's pulse ran. */
  readonly beat: number;
  /** Counts up with every start and end of a message; odd while one runs. */
  readonly sequence: number;
  /** Path of the actor of the message that runs, or of the last one; empty when there was none. */
  readonly actor: string;
  readonly method: string;
}

/**
 * What a thread does at the moment, in shared memory, so that others can read it while the thread is blocked. A
 * message costs a few plain stores: no clock, no atomics, no text. Paths and method names are written once, as
 * labels.
 */
export class WatchdogMark {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #text: Uint8Array;
  readonly #known = new Map<string, number>();
  #sequence = 0;

  /** @param buffer that of another thread, to read; default: a new one, to write */
  constructor(buffer = new SharedArrayBuffer(textStart + textBytes)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, textStart / 4);
    this.#text = new Uint8Array(buffer, textStart);
  }

  /** There is no room for another label. */
  get full(): boolean {
    return this.#known.size + 1 >= labelLimit;
  }

  /** Number of a text, or -1 when there is no room for more of them. */
  label(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const count = this.#words[word.labels] as number;
    const start = this.#words[firstLabel + count] as number;
    const bytes = Buffer.from(text.slice(0, 200));
    if (count + 1 >= labelLimit || start + bytes.length > textBytes) return -1;
    this.#text.set(bytes, start);
    this.#words[firstLabel + count + 1] = start + bytes.length;
    this.#words[word.labels] = count + 1;
    // 0 is nobody.
    this.#known.set(text, count + 1);
    return count + 1;
  }

  /**
   * A message starts.
   * @param child number of an unnamed child of the actor, else 0
   */
  begin(actor: number, method: number, child: number): void {
    const words = this.#words;
    words[word.actor] = actor;
    words[word.method] = method;
    words[word.child] = child;
    this.again();
  }

  /** Another message of the same actor and method starts. */
  again(): void {
    this.#sequence = (this.#sequence + 1) | 1;
    this.#words[word.sequence] = this.#sequence;
  }

  /** Its method has returned, or awaits. */
  end(): void {
    this.#sequence = ((this.#sequence | 1) + 1) | 0;
    this.#words[word.sequence] = this.#sequence;
  }

  /** The event loop turns. */
  beat(): void {
    this.#words[word.beat] = (this.#words[word.beat] as number) + 1;
  }

  /** From now on it is worth a word when the thread is blocked: before, it loads its code. */
  get watched(): boolean {
    return Atomics.load(this.#words, word.watched) === 1;
  }

  set watched(on: boolean) {
    Atomics.store(this.#words, word.watched, on ? 1 : 0);
  }

  /** One of several threads that look may report what it saw at this beat. */
  claim(beat: number): boolean {
    // 0 is what the memory begins with.
    const before = Atomics.load(this.#words, word.claimed);
    return (
      before !== beat + 1 && Atomics.compareExchange(this.#words, word.claimed, before, beat + 1) === before
    );
  }

  /** Has it got on? Cheaper than `read`. */
  get progress(): { readonly beat: number; readonly sequence: number } {
    return {
      beat: Atomics.load(this.#words, word.beat),
      sequence: Atomics.load(this.#words, word.sequence),
    };
  }

  read(): MarkReading {
    const words = this.#words;
    const child = words[word.child] as number;
    const actor = this.#textOf(words[word.actor] as number);
    return {
      ...this.progress,
      actor: child === 0 ? actor : `${actor}/$${child}`,
      method: this.#textOf(words[word.method] as number),
    };
  }

  #textOf(label: number): string {
    if (label <= 0) return '';
    const start = this.#words[firstLabel + label - 1] as number;
    const end = this.#words[firstLabel + label] as number;
    return Buffer.from(this.#text.slice(start, end)).toString();
  }
}
