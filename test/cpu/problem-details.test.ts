import assert from 'node:assert/strict';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../runtime/errors/problem-details.ts';

const occasion = { requestId: 'r-1', path: '/api/track/5' };

describe('problem details', () => {
  it('have the members of RFC 9457 and ours', () => {
    const error = new MagFlockError('MF404', 'There is no track 5.', { fix: 'Ask for another.' });
    assert.deepEqual(problemDetails(error, occasion), {
      type: '/errors/MF404',
      title: 'Row not found',
      status: 404,
      detail: 'There is no track 5.',
      instance: '/api/track/5',
      code: 'MF404',
      fix: 'Ask for another.',
      requestId: 'r-1',
    });
  });

  it('take the fix of the catalogue where the error has none', () => {
    const problem = problemDetails(new MagFlockError('MF404', 'x'), { requestId: 'r' });
    assert.match(problem.fix, /No row with this id/);
    assert.ok(!('instance' in problem));
  });

  it('carry further facts but let none replace a member', () => {
    const details = {
      column: 'name',
      status: 200,
      code: 'MF000',
      requestId: 'x',
      errors: [{ pointer: '#/name', detail: 'too long' }],
    };
    const problem = problemDetails(new MagFlockError('MF422', 'x', { details }), occasion);
    assert.equal(problem['column'], 'name');
    assert.deepEqual(problem['errors'], [{ pointer: '#/name', detail: 'too long' }]);
    assert.equal(problem.status, 422);
    assert.equal(problem.code, 'MF422');
    assert.equal(problem.requestId, 'r-1');
  });

  it('tell nothing of an unexpected error', () => {
    const thrown = Object.assign(new Error('cannot read /root/master.key'), {
      details: { path: '/root' },
      fix: 'sudo',
    });
    const text = JSON.stringify(problemDetails(MagFlockError.from(thrown), occasion));
    for (const secret of ['master.key', '/root', 'sudo', 'stack'])
      assert.ok(!text.includes(`${secret}"`), text);
    assert.ok(text.includes('r-1'));
  });

  it('do not let a detail change the prototype', () => {
    const details = JSON.parse('{"__proto__": {"polluted": true}}');
    const problem = problemDetails(new MagFlockError('MF422', 'x', { details }), occasion);
    assert.equal((problem as { polluted?: boolean }).polluted, undefined);
  });
});
