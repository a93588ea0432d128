import { embeddedError } from './embedded.error.js';

/* Lines as PostgreSQL 18 and Node write them. */
it.each([
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', /disk that holds .* is full/],
  ['PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device', /is full/],
  ['FATAL:  could not resize shared memory segment "/PostgreSQL.1": No space left on device', /\/dev\/shm/],
  [Object.assign(new Error("ENOSPC: no space left on device, mkdir '/x'"), { code: 'ENOSPC' }), /is full/],
  ['FATAL:  could not create lock file "postmaster.pid": Read-only file system', /cannot be written/],
  [Object.assign(new Error("EACCES: permission denied, mkdir '/x'"), { code: 'EACCES' }), /cannot be written/],
  ['FATAL:  data directory "/x" has wrong ownership', /another user/],
  ['FATAL:  database files are incompatible with server', /another PostgreSQL/],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets', /port .* is taken/],
  ['LOG:  invalid checkpoint record\nPANIC:  could not locate a valid checkpoint record at 0/1', /are damaged/],
  ['FATAL:  something new', /did not start: something new/],
])('says a sentence for: %s', (said, sentence) => {
  const error = embeddedError(said, '/data/x');
  expect(error.sentence.en).toMatch(sentence);
  expect(error.sentence.vi.length).toBeGreaterThan(20);
});

it('does not wrap its own sentence again', () => {
  const error = embeddedError('FATAL:  a', '/x');
  expect(embeddedError(error, '/x')).toBe(error);
});
