import { hidesWhy, refusalOf } from './kafka-refusal.js';

const errorOf = (given: { name?: string; type?: string; cause?: unknown }): Error => Object.assign(new Error('said'), given);

describe('what a broker refuses for good', () => {
  it.each([
    ['a right to a topic', errorOf({ type: 'TOPIC_AUTHORIZATION_FAILED' }), 'TOPIC_AUTHORIZATION_FAILED'],
    ['behind exhausted tries', errorOf({ name: 'KafkaJSNumberOfRetriesExceeded', cause: errorOf({ type: 'UNKNOWN_TOPIC_OR_PARTITION' }) }), 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a password, by the name of the client', errorOf({ name: 'KafkaJSSASLAuthenticationError' }), 'SASL_AUTHENTICATION_FAILED'],
    ['a broker that is away', errorOf({ name: 'KafkaJSConnectionError', cause: errorOf({}) }), undefined],
    ['a rebalance', errorOf({ type: 'REBALANCE_IN_PROGRESS' }), undefined],
    ['no error at all', 'TOPIC_AUTHORIZATION_FAILED', undefined],
  ])('%s', (_, error, word) => expect(refusalOf(error)).toBe(word));

  it('ends on errors that name each other as their cause', () => {
    const [one, two] = [errorOf({}), errorOf({})];
    one.cause = two;
    two.cause = one;
    expect(refusalOf(one)).toBeUndefined();
  });

  it('knows when the client hides why', () => {
    expect(hidesWhy(errorOf({ cause: errorOf({ name: 'KafkaJSGroupCoordinatorNotFound' }) }))).toBe(true);
    expect(hidesWhy(errorOf({ type: 'GROUP_AUTHORIZATION_FAILED' }))).toBe(false);
  });
});
