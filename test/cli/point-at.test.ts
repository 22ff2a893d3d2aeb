import assert from 'node:assert/strict';
import { pointAt } from '../../runtime/cli/point-at.ts';

describe('pointAt', () => {
  const rows: [name: string, text: string, position: number, shown: string][] = [
    ['the first character', 'selct 1', 1, 'line 1\nselct 1\n^'],
    ['a later line', 'select 1;\n  selct 2', 13, 'line 2\n  selct 2\n  ^'],
    ['the end of the text', 'select', 7, 'line 1\nselect\n      ^'],
    [
      'behind characters of two code units',
      "select '🐦🐦' frm t",
      14,
      "line 1\nselect '🐦🐦' frm t\n             ^",
    ],
    ['behind a tab', 'select\t1 frm t', 10, 'line 1\nselect 1 frm t\n         ^'],
    ['far into a long line', `${'x'.repeat(200)}!`, 201, `line 1\n${'x'.repeat(60)}!\n${' '.repeat(60)}^`],
  ];
  for (const [name, text, position, shown] of rows) {
    it(`shows ${name}`, () => assert.equal(pointAt(text, position), shown));
  }
});
