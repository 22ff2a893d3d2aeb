const initialBytes = 16 * 1024;

/**
 * Writes messages of the frontend (protocol 3.0, extended query) one behind the other into one buffer, so that a
 * whole transaction, and all transactions of one turn of the event loop, leave with one system call.
 */
export class WireWriter {
  #buffer = Buffer.allocUnsafeSlow(initialBytes);
  #at = 0;
  #message = 0;

  /** Bytes waiting to be taken. */
  get length(): number {
    return this.#at;
  }

  /** What was written since the last call; the caller owns it. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.#at = 0;
    return taken;
  }

  /** Parse: the types of all parameters are left to the server. */
  parse(name: string, text: string): void {
    this.#begin(0x50, (name.length + text.length) * 3 + 4);
    this.#string(name);
    this.#string(text);
    this.#int16(0);
    this.#end();
  }

  /** Bind to the unnamed portal: every value as text, every column as text. */
  bind(statement: string, values: readonly (string | null)[]): void {
    this.#begin(0x42, statement.length * 3 + 12);
    this.#buffer[this.#at++] = 0;
    this.#string(statement);
    this.#int16(0);
    this.#int16(values.length);
    for (const value of values) this.#value(value);
    this.#int16(0);
    this.#end();
  }

  /** Parse, Bind and Execute of a text without parameters that is not kept. */
  run(text: string): void {
    this.parse('', text);
    this.bind('', []);
    this.execute();
  }

  describeStatement(name: string): void {
    this.#named(0x44, 0x53, name);
  }

  closeStatement(name: string): void {
    this.#named(0x43, 0x53, name);
  }

  /** Execute of the unnamed portal, all rows. */
  execute(): void {
    this.#begin(0x45, 5);
    this.#buffer[this.#at++] = 0;
    this.#int32(0);
    this.#end();
  }

  /** Flush: the server sends what it has without ending the transaction. */
  flush(): void {
    this.#begin(0x48, 0);
    this.#end();
  }

  /** Sync: the end of the transaction. */
  sync(): void {
    this.#begin(0x53, 0);
    this.#end();
  }

  #named(code: number, kind: number, name: string): void {
    this.#begin(code, name.length * 3 + 2);
    this.#buffer[this.#at++] = kind;
    this.#string(name);
    this.#end();
  }

  #value(value: string | null): void {
    if (value === null) {
      this.#reserve(4);
      this.#int32(-1);
      return;
    }
    // UTF-8 takes at most three bytes for each UTF-16 unit: written first, measured after.
    this.#reserve(value.length * 3 + 4);
    const bytes = this.#buffer.write(value, this.#at + 4);
    this.#int32(bytes);
    this.#at += bytes;
  }

  #string(text: string): void {
    this.#at += this.#buffer.write(text, this.#at);
    this.#buffer[this.#at++] = 0;
  }

  #int16(value: number): void {
    this.#buffer[this.#at++] = value >>> 8;
    this.#buffer[this.#at++] = value;
  }

  #int32(value: number): void {
    this.#buffer[this.#at++] = value >>> 24;
    this.#buffer[this.#at++] = value >>> 16;
    this.#buffer[this.#at++] = value >>> 8;
    this.#buffer[this.#at++] = value;
  }

  #begin(code: number, roomFor: number): void {
    this.#reserve(roomFor + 5);
    this.#buffer[this.#at++] = code;
    this.#message = this.#at;
    this.#at += 4;
  }

  #end(): void {
    const end = this.#at;
    this.#at = this.#message;
    this.#int32(end - this.#message);
    this.#at = end;
  }

  /** Also leaves room for what follows the values of a Bind. */
  #reserve(bytes: number): void {
    const needed = this.#at + bytes + 16;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
