import { defineProblem, Refusal } from '@quan-so/contract';
import { DATABASE_BUSY, VERSION_MISMATCH } from '@quan-so/persistence';
import { isTransient } from './transient.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
const words = { title: { vi: 'v', en: 'e' }, remedy: { vi: 'v', en: 'e' } };

describe('isTransient', () => {
  // Names as in Appendix A of PostgreSQL's manual.
  it.each([
    ['connection_failure', withCode('08006')],
    ['serialization_failure', withCode('40001')],
    ['deadlock_detected', withCode('40P01')],
    ['disk_full', withCode('53100')],
    ['too_many_connections', withCode('53300')],
    ['lock_not_available', withCode('55P03')],
    ['query_canceled', withCode('57014')],
    ['admin_shutdown', withCode('57P01')],
    ['cannot_connect_now', withCode('57P03')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a connection that broke without a code', new Error('Connection terminated unexpectedly')],
    ['the pool that waits too long', new Error('timeout exceeded when trying to connect')],
    ['a cause that passes', new Error('reading failed', { cause: withCode('ECONNRESET') })],
    ['a busy database', new Refusal(DATABASE_BUSY)],
  ])('waits for %s', (_, error) => expect(isTransient(error)).toBe(true));

  it.each([
    ['unique_violation', withCode('23505')],
    ['undefined_table', withCode('42P01')],
    ['invalid_text_representation', withCode('22P02')],
    ['a defect', new TypeError('x is not a function')],
    ['a defect that speaks of timeouts', new RangeError('timed out')],
    ['a lost update', new Refusal(VERSION_MISMATCH)],
    ['a refusal for good', new Refusal(defineProblem('NO', 409, words))],
    ['a text that was thrown', 'connection terminated'],
    ['nothing', undefined],
  ])('does not wait for %s', (_, error) => expect(isTransient(error)).toBe(false));
});
