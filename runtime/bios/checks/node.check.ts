import type { PostCheck } from '../post-check.ts';

const oldest = 24;

/** Node 24 runs TypeScript by itself and has the SQLite the lock is made of. */
export const nodeCheck: PostCheck = {
  part: 'node',
  required: true,
  run() {
    const { node } = process.versions;
    const facts = `Node ${node} on ${process.platform} ${process.arch}`;
    return Number.parseInt(node, 10) >= oldest
      ? { outcome: 'ok', facts }
      : {
          outcome: 'fail',
          facts: `${facts}, MagFlock needs ${oldest}`,
          fix: 'npm start brings the right one',
          code: 'MF707',
        };
  },
};
