/** The linter with our configuration: every rule that matters is seen to bite, and what is let through is let through. */
import { join, resolve } from 'node:path';
import { asyncApiSentences, lint } from './lint.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const FIXTURE = 'tools/api/fixtures/faults.openapi.json';

describe('lint', () => {
  let sentences;
  beforeAll(async () => (sentences = await lint(ROOT, [join(ROOT, FIXTURE)])));
  const about = (rule) => sentences.find((sentence) => sentence.startsWith(`${FIXTURE}: ${rule} (`)) ?? '';

  it.each([
    ['owasp:api4:2023-string-limit', 'requestBody/content/application/json/schema/properties/unbounded'],
    ['owasp:api4:2023-array-limit', 'schema/properties/endless'],
    ['owasp:api4:2023-integer-limit', 'schema/properties/count'],
    ['owasp:api4:2023-rate-limit', 'paths/~/lamps/post/responses/200'],
    ['owasp:api4:2023-rate-limit-responses-429', 'responses'],
    ['owasp:api2:2023-write-restricted', 'paths/~/lamps/put'],
    ['owasp:api2:2023-jwt-best-practices', 'components/securitySchemes/oauth2/description'],
    ['owasp:api2:2023-short-lived-access-tokens', 'flows/authorizationCode'],
    ['owasp:api8:2023-define-error-responses-401', 'paths/~/lamps/post/responses'],
    ['owasp:api8:2023-define-error-responses-500', 'responses'],
    ['oas3-valid-media-example', 'paths/~/lamps/post/responses/200'],
    ['request-objects-are-closed', 'requestBody/content/application/json/schema'],
  ])('%s', (rule, place) => {
    expect(about(rule).replace('paths//lamps', 'paths/~/lamps')).toContain(place);
  });

  it('an object that says that it is open is not closed either', () => expect(about('request-objects-are-closed')).toContain('(2×)'));

  it('lets systems do without a refresh token and public operations without 401', () => {
    expect(about('owasp:api2:2023-short-lived-access-tokens')).toContain('(1×)');
    expect(about('owasp:api8:2023-define-error-responses-401')).toContain('(2×)');
    expect(about('owasp:api8:2023-define-cors-origin')).toBe('');
  });
});

describe('asyncApiSentences', () => {
  it('tells a document that is not AsyncAPI 3.0, by its first fault', () => {
    const whole = { asyncapi: '3.0.0', info: { title: 't', version: '1' }, channels: { c: { address: 'c' } }, operations: { o: { action: 'send', channel: { $ref: '#/channels/c' } } } };
    expect(asyncApiSentences([['a.asyncapi.json', JSON.stringify(whole)]])).toEqual([]);
    const headless = { ...whole, info: undefined };
    expect(asyncApiSentences([['a.asyncapi.json', JSON.stringify(headless)]])).toEqual(["a.asyncapi.json: không phải AsyncAPI 3.0 ở /. / is not AsyncAPI 3.0 at /: must have required property 'info'."]);
  });
});
