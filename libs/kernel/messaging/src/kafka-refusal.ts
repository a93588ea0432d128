/**
 * The broker's words that no waiting mends: a right, a topic or the right password is missing. A topic comes from who
 * deploys, never from us, so one that is not there is a mistake in its name or in the order of the deployment.
 */
const REFUSALS = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
]);
const DEEPEST = 10;
/**
 * What is said when signing in is refused: by the broker, or by the client when the broker is not who it should be. kafkajs
 * calls everything that goes wrong meanwhile the same, also a connection that a dying broker closed.
 */
const SIGNING_IN_REFUSED = /invalid credentials|not supported by the server|Invalid (server signature|username)|SASL Authentication failed/i;

/** The broker's word when it refuses us for good; undefined for all that may pass. kafkajs hides it behind up to three errors. */
export function refusalOf(error: unknown): string | undefined {
  for (let depth = 0, one = error; depth < DEEPEST && one instanceof Error; depth += 1, one = one.cause) {
    const { type } = one as { type?: unknown };
    if (typeof type === 'string' && REFUSALS.has(type)) return type;
    // Without the broker's word: kafkajs puts a name of its own in its place.
    if (isSigningIn(one) && SIGNING_IN_REFUSED.test(one.message)) return 'SASL_AUTHENTICATION_FAILED';
  }
  return undefined;
}

/**
 * kafkajs swallows why it found no coordinator of the group, and why signing in broke off: a right is missing, or the broker
 * went in that moment. Only trying tells the two apart.
 */
export function hidesWhy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'KafkaJSGroupCoordinatorNotFound' || (isSigningIn(error) && !SIGNING_IN_REFUSED.test(error.message)) || hidesWhy(error.cause);
}

function isSigningIn({ name }: Error): boolean {
  return name === 'KafkaJSSASLAuthenticationError';
}
