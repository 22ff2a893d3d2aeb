import { findFiles } from './find-files.ts';
import { readText } from './read-text.ts';

const locales =
  'af am ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms my nb ne nl or pa pl ps pt ro ru sd si sk sl so sq sr sv sw ta te th tk tr uk ur uz vi yue zh zu br fo fy gd lb mt rm to wae eo ast dsb hsb kea ln nn os qu sah se ti vo wo yi yo'.split(
    ' ',
  );

/** Names of countries, languages, scripts, currencies and time zones in about a hundred languages. */
export function* placesAndLanguages(): Generator<string> {
  const regions = codes(['A', 'Z'], 2);
  const currencies = Intl.supportedValuesOf('currency');
  for (const locale of locales) {
    const options = { fallback: 'none' } as const;
    const region = new Intl.DisplayNames([locale], { type: 'region', ...options });
    const language = new Intl.DisplayNames([locale], { type: 'language', ...options });
    const currency = new Intl.DisplayNames([locale], { type: 'currency', ...options });
    for (const code of regions) {
      const names = [region.of(code), language.of(code.toLowerCase())];
      for (const name of names) if (name !== undefined) yield name;
    }
    for (const code of currencies) {
      const name = currency.of(code);
      if (name !== undefined) yield name;
    }
    const day = new Date(Date.UTC(2026, 2, 4, 15, 7));
    for (const dateStyle of ['full', 'long', 'medium', 'short'] as const) {
      for (let step = 0; step < 12; step += 1) {
        const moment = new Date(day.getTime() + step * 2_700_000_000);
        yield new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short', timeZone: 'UTC' }).format(
          moment,
        );
        yield new Intl.NumberFormat(locale, { style: 'currency', currency: currencies[step * 9]! }).format(
          1234.5 * (step + 1),
        );
      }
    }
  }
  yield* Intl.supportedValuesOf('timeZone');
}

/** Regions, languages and scripts of the ISO lists. */
export function* isoNames(): Generator<string> {
  for (const path of findFiles(['/usr/share/iso-codes/json'], /\/iso_[^/]*\.json$/)) {
    for (const [, name] of readText(path).matchAll(
      /"(?:name|official_name|common_name|inverted_name)": "([^"]+)"/g,
    )) {
      yield name!;
    }
  }
}

/** People and their addresses, from change logs and lists of authors. */
export function* people(): Generator<string> {
  const files = findFiles(
    ['/usr/share/doc', '/usr/share/perl', '/usr/lib/node_modules'],
    /(changelog[^/]*|copyright|AUTHORS|THANKS|CREDITS|contributors)(\.gz|\.md|\.txt)?$/i,
  );
  for (const path of files) {
    for (const [whole, name, mail] of readText(path).matchAll(
      /([\p{Lu}][\p{L}'.-]+(?: [\p{L}'.-]+){1,3}) <([\w.+-]+@[\w.-]+)>/gu,
    )) {
      yield name!;
      yield mail!;
      yield whole;
    }
  }
}

function codes([first, last]: readonly [string, string], length: number): string[] {
  const letters = Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_, at) =>
    String.fromCharCode(first.charCodeAt(0) + at),
  );
  return length === 1
    ? letters
    : letters.flatMap((letter) => codes([first, last], length - 1).map((rest) => letter + rest));
}
