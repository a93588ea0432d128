import { Refusal } from '@quan-so/contract';
import { outward } from './errors.js';
import { DATABASE_BUSY } from './problems.js';

/** As PostgreSQL 18 says them. */
const said = (code: string, message: string): Error => Object.assign(new Error(message), { code, severity: 'ERROR' });

describe('what leaves the library', () => {
  it.each([
    ['a server out of connections', said('53300', 'sorry, too many clients already'), undefined],
    ['a statement that took too long', said('57014', 'canceling statement due to statement timeout'), undefined],
    // To wait does not help: somebody must make room.
    ['a full disk', said('53100', 'could not extend file "base/16391/2619": No space left on device'), /disk .* is full/],
  ])('%s is a retryable refusal with its cause for the log', (_, error, detail) => {
    const refusal = outward(error) as Refusal;
    expect(refusal.problem).toBe(DATABASE_BUSY);
    expect(refusal.cause).toBe(error);
    if (detail === undefined) expect(refusal.detail).toBeUndefined();
    else expect([refusal.detail?.en, refusal.detail?.vi]).toEqual([expect.stringMatching(detail), expect.stringMatching(/[Đđ]ĩa .* đã đầy/)]);
  });
  it('a defect stays what it is', () => {
    const error = said('42P01', 'relation "x" does not exist');
    expect(outward(error)).toBe(error);
  });
});
