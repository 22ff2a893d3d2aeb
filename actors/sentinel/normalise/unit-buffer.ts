/** The UTF-16 units of one value, changed in place by the decoding steps, each of which only ever shortens it. */
export class UnitBuffer {
  units = new Uint16Array(4096);
  length = 0;

  load(text: string): void {
    if (text.length > this.units.length) this.units = new Uint16Array(text.length * 2);
    for (let at = 0; at < text.length; at += 1) this.units[at] = text.charCodeAt(at);
    this.length = text.length;
  }

  toString(): string {
    return Buffer.from(this.units.buffer, 0, this.length * 2).toString('utf16le');
  }

  /** Gives the memory of a very long value back. */
  trim(): void {
    if (this.units.length > 1 << 18) this.units = new Uint16Array(4096);
  }
}
