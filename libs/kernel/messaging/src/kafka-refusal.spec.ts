import { hidesWhy, refusalOf } from './kafka-refusal.js';

const errorOf = (given: { name?: string; type?: string; cause?: unknown }): Error => Object.assign(new Error('said'), given);
/** As kafkajs 2.2.4 words it: Kafka 4.3's sentence, or what became of the connection. */
const signingIn = (why: string): Error => Object.assign(new Error(`SASL SCRAM SHA512 authentication failed: ${why}`), { name: 'KafkaJSSASLAuthenticationError' });
const WRONG = 'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512';
const BROKEN_OFF = ['Connection error: read ECONNRESET', 'Closed connection', 'Not connected', 'Request SaslAuthenticate(key: 36, version: 1) timed out'];

describe('what a broker refuses for good', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a right to a topic', errorOf({ type: 'TOPIC_AUTHORIZATION_FAILED' }), 'TOPIC_AUTHORIZATION_FAILED'],
    ['behind exhausted tries', errorOf({ name: 'KafkaJSNumberOfRetriesExceeded', cause: errorOf({ type: 'UNKNOWN_TOPIC_OR_PARTITION' }) }), 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a password', signingIn(WRONG), 'SASL_AUTHENTICATION_FAILED'],
    ['a password, behind exhausted tries', errorOf({ cause: signingIn(WRONG) }), 'SASL_AUTHENTICATION_FAILED'],
    ['a way of signing in', Object.assign(signingIn(''), { message: 'SASL PLAIN mechanism is not supported by the server' }), 'SASL_AUTHENTICATION_FAILED'],
    ['a broker that is not who it should be', signingIn('Invalid server signature in server final message'), 'SASL_AUTHENTICATION_FAILED'],
    ...BROKEN_OFF.map((why): [string, Error, undefined] => [`signing in at a broker that dies: ${why}`, signingIn(why), undefined]),
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
    for (const why of BROKEN_OFF) expect(hidesWhy(errorOf({ cause: signingIn(why) }))).toBe(true);
    expect(hidesWhy(signingIn(WRONG))).toBe(false);
  });
});
