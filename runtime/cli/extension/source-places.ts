import { SourceMap, type SourceMapPayload } from 'node:module';

/** Puts places of the author's files for those of the bundle: `extension.js:812:9` becomes `index.ts:4:7`. */
export class SourcePlaces {
  readonly #map: SourceMap | undefined;

  /** @param code a bundle with its source map inline; without one, texts stay as they are */
  constructor(code: string) {
    const [, base64] = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(code) ?? [];
    this.#map =
      base64 === undefined
        ? undefined
        : new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString()) as SourceMapPayload);
  }

  in(text: string): string {
    return text.replace(/\bextension\.js:(\d+):(\d+)/g, (place, line: string, column: string) => {
      const entry = this.#map?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return place;
      // The SDK's own files have a namespace in front.
      const file = entry.originalSource.replace(/^.*:/, '');
      return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  }
}
