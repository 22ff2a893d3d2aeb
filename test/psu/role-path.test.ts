import { equal, throws } from 'node:assert/strict';
import { rolePath } from '../../actors/psu/tokens/role-path.ts';

const claims = {
  role: 'plain',
  'app-role': 'quoted',
  postgrest: { roles: ['other', 'author', 'editor'] },
  empty: {},
};

describe('the path of the role', () => {
  for (const [path, role] of [
    ['.role', 'plain'],
    ['$.role', 'plain'],
    ['."app-role"', 'quoted'],
    ["$['app-role']", 'quoted'],
    ['.postgrest.roles[1]', 'author'],
    ['$.postgrest.roles[2]', 'editor'],
    ['.postgrest.roles[7]', undefined],
    ['.postgrest.roles[?(@ == "author")]', 'author'],
    ['$.postgrest.roles[?@ == "author"]', 'author'],
    ['.postgrest.roles[?(@ != "other")]', 'author'],
    ['.postgrest.roles[?(@ ^== "ed")]', 'editor'],
    ['.postgrest.roles[?(@ ==^ "or")]', 'author'],
    ['.postgrest.roles[?(@ *== "dit")]', 'editor'],
    ['.postgrest.roles[?(@ == "nobody")]', undefined],
    ['.role.deeper', undefined],
    ['.role[0]', undefined],
    ['.empty.constructor.name', undefined],
    ['.__proto__', undefined],
    ['.missing', undefined],
  ] as const) {
    it(`${path} is ${role ?? 'nothing'}`, () => equal(rolePath(path)(claims), role));
  }

  for (const path of [
    'role',
    '.',
    '',
    '$',
    '.role[',
    '.role[-1]',
    '.roles[?(@ == author)]',
    '.roles[?(@ == "a")].b',
    '.ro le',
  ]) {
    it(`${JSON.stringify(path)} is none`, () => throws(() => rolePath(path), RangeError));
  }
});
