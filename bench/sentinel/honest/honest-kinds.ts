import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { composedValues } from './composed-values.ts';
import { findFiles } from './find-files.ts';
import type { HonestKind } from './honest-kind.ts';
import { messageCatalogue } from './message-catalogue.ts';
import { isoNames, people, placesAndLanguages } from './names.ts';
import { readText } from './read-text.ts';
import { linesOf, paragraphsOf, sentencesOf } from './split-values.ts';

type Split = (text: string) => string[];

const python = [`${homedir()}/.pyenv/versions`, '/usr/lib/python3', '/usr/lib/python3.11'];
const rust = [`${homedir()}/.rustup/toolchains`];
const documents = ['/usr/share/doc', ...rust, '/usr/lib/node_modules', '/usr/share/vim'];
/** Of one file at most so many values, so that a large one does not stand for its kind. */
const mostOfFile = 400;

/**
 * All kinds of honest text. Installed packages of this repository are not among them: the models learn from those.
 */
export const honestKinds: readonly HonestKind[] = [
  kind('documents of Rust', 110_000, rust, /\.html$/, linesOf),
  kind('sentences of documents', 90_000, documents, /\.(html|md|rst|txt)(\.gz)?$/, sentencesOf),
  kind(
    'paragraphs of documents',
    50_000,
    [...documents, '/usr/share/man'],
    /\.(html|md|rst|txt|\d)(\.gz)?$/,
    paragraphsOf,
  ),
  kind(
    'documents of Python',
    50_000,
    ['/usr/share/doc/python3.11', ...python],
    /\.(rst|rst\.txt|txt|md)$/,
    linesOf,
  ),
  kind('documents of Perl', 50_000, ['/usr/share/perl'], /\.pod$/, linesOf),
  kind('manuals in English', 100_000, ['/usr/share/man'], /\/man\/man\d\//, linesOf),
  kind(
    'manuals in other languages',
    60_000,
    ['/usr/share/man'],
    /\/man\/[a-z]{2}(_[A-Z]{2})?\/man\d\//,
    linesOf,
  ),
  kind('change logs', 80_000, ['/usr/share/doc'], /changelog|NEWS|changes/i, linesOf),
  kind(
    'other documents of Debian',
    50_000,
    ['/usr/share/doc', '/usr/share/vim'],
    /(README|TODO|FAQ|HOWTO|copyright|\.txt)[^/]*$/,
    linesOf,
  ),
  { name: 'messages in many languages', most: 180_000, values: messages },
  { name: 'words of word lists', most: 130_000, values: words },
  { name: 'countries, languages, money, dates in 100 languages', most: 80_000, values: placesAndLanguages },
  { name: 'names of the ISO lists', most: 30_000, values: isoNames },
  { name: 'people and their mail addresses', most: 30_000, values: people },
  kind(
    'names of characters',
    30_000,
    ['/usr/share/unicode'],
    /(NamesList|Index|emoji-test|Blocks|StandardizedVariants)\.txt$/,
    linesOf,
    40_000,
  ),
  kind('quotes and chat', 30_000, ['/usr/share/games/fortunes'], /\/[a-z-]+$/, linesOf, 4000),
  kind('quotes, whole', 15_000, ['/usr/share/games/fortunes'], /\/[a-z-]+$/, quotes, 2000),
  kind('code in Python', 50_000, python, /\.py$/, linesOf, 200),
  kind(
    'code in Perl, Tcl, shell, Vim, CMake',
    40_000,
    [
      '/usr/share/perl',
      '/usr/share/tcltk',
      '/usr/share/vim',
      '/usr/share/cmake-3.25',
      '/usr/share/bash-completion',
      '/etc',
    ],
    /\.(pm|pl|tcl|vim|cmake|sh)$|bash-completion\/completions\//,
    linesOf,
    200,
  ),
  kind(
    'code in C and Rust',
    40_000,
    ['/usr/include', ...rust],
    /\.(h|hpp|rs)$|\/src\/.*\.rs\.html$/,
    linesOf,
    200,
  ),
  kind(
    'code in JavaScript',
    25_000,
    ['/usr/lib/node_modules', '/usr/share/javascript', '/usr/share/doc'],
    /(?<!\.min)\.m?js$/,
    linesOf,
    200,
  ),
  kind(
    'HTML, raw',
    30_000,
    ['/usr/share/doc', '/usr/share/gtk-doc'],
    /\.html$/,
    (text) => linesOf(text),
    200,
    rawText,
  ),
  kind('CSS', 10_000, ['/usr', ...rust, ...python], /\.css$/, linesOf),
  kind('JSON', 30_000, ['/usr/share', ...python], /\.json$/, linesOf, 150),
  kind('XML and SVG', 15_000, ['/usr/share'], /\.(xml|svg|ui)$/, linesOf, 150),
  kind(
    'web addresses',
    30_000,
    [...documents, ...python],
    /\.(html|md|rst|txt|py)$|copyright$/,
    addresses,
    40,
    rawText,
  ),
  kind('logs', 20_000, ['/var/log'], /\.log(\.\d)?$/, linesOf, 6000),
  { name: 'subjects of commits', most: 20_000, values: commitSubjects },
  {
    name: 'filters, user agents, ids, addresses, measures, recipes, sums, chat (composed)',
    most: 3_000,
    values: composedValues,
  },
];

function kind(
  name: string,
  most: number,
  roots: readonly string[],
  wanted: RegExp,
  split: Split,
  perFile = mostOfFile,
  read: (path: string) => string = readText,
): HonestKind {
  return {
    name,
    most,
    *values() {
      for (const path of findFiles(roots, wanted)) {
        let taken = 0;
        for (const value of split(read(path))) {
          yield value;
          taken += 1;
          if (taken >= perFile) break;
        }
      }
    },
  };
}

/** As it is, markup too. */
function rawText(path: string): string {
  return readText(path, true);
}

function* messages(): Generator<string> {
  for (const path of findFiles(['/usr/share/locale'], /\.mo$/)) {
    let taken = 0;
    for (const text of messageCatalogue(path)) {
      if (text.length < 2 || text.length > 2000) continue;
      yield text;
      taken += 1;
      if (taken >= 500) break;
    }
  }
}

function* words(): Generator<string> {
  let names: string[] = [];
  try {
    names = readdirSync('/usr/share/dict').sort();
  } catch {
    return;
  }
  const lists = names.map((name) => linesOf(readText(`/usr/share/dict/${name}`)));
  for (const list of lists) {
    const step = Math.max(1, Math.floor(list.length / 12_000));
    for (let at = 0; at < list.length; at += step) yield list[at]!;
  }
  // Two words, as somebody searches for them.
  for (const list of lists) {
    for (let at = 0; at + 977 < list.length; at += 41) yield `${list[at]} ${list[at + 977]}`;
  }
}

function quotes(text: string): string[] {
  return text
    .split(/\n%+\n/)
    .map((quote) => quote.trim())
    .filter((quote) => quote.length > 1 && quote.length < 4000);
}

function addresses(text: string): string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s"'<>`()[\]{}\\]+/g)].map(([address]) => address);
}

function* commitSubjects(): Generator<string> {
  for (const folder of [`${homedir()}/.pyenv`, process.cwd()]) {
    const { stdout } = spawnSync('git', ['-C', folder, 'log', '--format=%s', '-20000'], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    yield* linesOf(stdout ?? '');
  }
}
