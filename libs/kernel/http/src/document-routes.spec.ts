import { runInNewContext } from 'node:vm';
import { defineOperation, definePermission, defineProblem } from '@quan-so/contract';
import { z } from 'zod';
import { documentRoutes, type DocumentAnswer } from './document-routes.js';
import { problemPage, problemsIndexPage } from './problem-pages.js';

const EVIL = '<script>alert("x")</script>';
const LAMP_BROKEN = defineProblem('LAMP_BROKEN', 409, { title: { vi: 'Đèn hỏng', en: 'The lamp is broken' }, remedy: { vi: 'Sửa đèn.', en: `Mend it ${EVIL}.` } });
const operation = (service: string) =>
  defineOperation({
    id: `light${service}`, service, path: `/api/${service}/v1/lamps`, kind: 'create', summary: { vi: 'v', en: 'e' },
    access: { permission: definePermission('lamp.light', { vi: 'v', en: 'e' }) }, body: z.strictObject({}), answer: z.object({ on: z.boolean() }), problems: [LAMP_BROKEN],
  });
const described = (service: string) => ({ service, title: { vi: `Phố "${service}"`, en: EVIL }, version: '1', operations: [operation(service)], publishes: [], consumes: [] });
const routes = documentRoutes({ services: [described('street'), described('park')], issuer: 'https://id.example/realms/quan-so', client: 'quan-so-web' });

function get(path: string): DocumentAnswer & { text: string } {
  const answer = routes.find(path);
  if (answer === undefined) throw new Error(`nothing at ${path}`);
  return { ...answer, text: answer.body.toString() };
}
const policy = (path: string): string => get(path).headers?.['content-security-policy'] ?? '';

describe('documentRoutes', () => {
  it('lists the services and answers the document of each, with the realm that gives tokens', () => {
    expect(JSON.parse(get('/openapi/index.json').text)).toEqual({ services: [expect.objectContaining({ service: 'street', openapi: '/openapi/street.json' }), expect.objectContaining({ service: 'park' })] });
    const { status, type, text } = get('/openapi/park.json?fresh=1');
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.1', paths: { '/api/park/v1/lamps': { post: { operationId: 'lightpark' } } } });
    expect(text).toContain('https://id.example/realms/quan-so/protocol/openid-connect/token');
    expect(JSON.parse(get('/asyncapi/street.json').text)).toMatchObject({ asyncapi: '3.0.0' });
  });

  it.each(['/', '/openapi', '/openapi/', '/openapi/square.json', '/openapi/../street.json', '/asyncapi/index.json', '/docs/index.html', '/docs/../package.json', '/docs/constructor', '/docs/swagger-ui.js.map', '/problem', '/api/street/v1/lamps'])('leaves %s to others', (path) => {
    expect(routes.find(path)).toBeUndefined();
  });

  it('shows the page to try the API from this host alone', () => {
    const { text, headers } = get('/docs');
    expect(text.match(/(?:src|href)="[^"]*"/g)?.every((link) => /"\/[^/]/.test(link) || link === 'href="/"')).toBe(true);
    const assets = [...text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map((found) => found[1] ?? '');
    expect(assets).toHaveLength(5);
    for (const asset of [...assets, '/docs/oauth2-redirect.html', '/docs/oauth2-redirect.js']) expect(get(asset).body.length).toBeGreaterThan(50);
    expect(text).not.toContain('<script>');
    expect(headers).not.toHaveProperty('cross-origin-opener-policy');
    const config = JSON.parse((/data-config="([^"]*)"/.exec(text)?.[1] ?? '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))) as unknown;
    expect(config).toEqual({ client: 'quan-so-web', services: [{ url: '/openapi/street.json', name: expect.stringContaining('Phố "street"') }, expect.objectContaining({ url: '/openapi/park.json' })] });
  });

  it('lets that page run its own scripts and speak to this host and the realm, nothing else', () => {
    for (const path of ['/docs', '/docs/oauth2-redirect.html']) {
      expect(policy(path)).toContain("default-src 'none'; script-src 'self';");
      expect(policy(path)).toContain("connect-src 'self' https://id.example;");
    }
    expect(policy('/problems')).toBe("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  });

  it('signs in with code and PKCE, comes back to its own page, and gives every POST a fresh key', () => {
    const started = runStart(get('/docs/start.js').text);
    expect(started.options).toMatchObject({ oauth2RedirectUrl: 'http://127.0.0.1:4000/docs/oauth2-redirect.html', validatorUrl: null, persistAuthorization: false, urls: [{ url: '/openapi/street.json' }] });
    expect(started.oauth).toEqual({ clientId: 'quan-so-web', scopes: 'openid', usePkceWithAuthorizationCodeGrant: true });
    const { requestInterceptor: intercept } = started.options;
    const EXAMPLE = (JSON.parse(get('/openapi/street.json').text) as { components: { parameters: { IdempotencyKey: { example: string } } } }).components.parameters.IdempotencyKey.example;
    const keys = [1, 2].map(() => intercept({ headers: { 'Idempotency-Key': EXAMPLE } }).headers['Idempotency-Key']);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set([...keys, EXAMPLE]).size).toBe(3);
    expect(intercept({ headers: { 'Idempotency-Key': 'my-own' } }).headers).toEqual({ 'Idempotency-Key': 'my-own' });
    expect(intercept({ headers: { Accept: 'x' } }).headers).toEqual({ Accept: 'x' });
  });

  it('has a page for every code, in both languages, without a script', () => {
    const index = get('/problems').text;
    for (const code of ['LAMP_BROKEN', 'UNAUTHENTICATED', 'RATE_LIMITED', 'NOT_FOUND', 'VERSION_MISMATCH']) {
      const there = code !== 'VERSION_MISMATCH'; // only commands have it
      expect(index.includes(`href="/problems/${code}"`)).toBe(there);
      expect(get(`/problems/${code}`).status).toBe(there ? 200 : 404);
    }
    const { text } = get('/problems/LAMP_BROKEN');
    expect(text).toContain('Đèn hỏng <span lang="en">The lamp is broken</span>');
    expect(text.indexOf('Sửa đèn.')).toBeLessThan(text.indexOf('Mend it'));
    for (const html of [text, index, problemPage(LAMP_BROKEN), problemsIndexPage([LAMP_BROKEN])]) {
      expect(html).toMatch(/^<!doctype html>\n<html lang="vi">/);
      expect(html).not.toContain('<script');
      expect(html.match(/<h1>/g)).toHaveLength(1);
    }
    expect(get('/problems/lamp_broken').status).toBe(404);
  });
});

interface Options { requestInterceptor(request: { headers: Record<string, string> }): { headers: Record<string, string> }; [name: string]: unknown }

/** Runs the page's script as a browser would, with Swagger UI stood in for by what it is told. */
function runStart(script: string): { options: Options; oauth: unknown } {
  const told: { options?: Options; oauth?: unknown } = {};
  const SwaggerUIBundle = Object.assign((options: Options) => ((told.options = options), { initOAuth: (oauth: unknown) => (told.oauth = oauth) }), { presets: { apis: {} } });
  const config = JSON.stringify({ client: 'quan-so-web', services: [{ url: '/openapi/street.json', name: 's' }] });
  const document = { getElementById: () => ({ dataset: { config } }) };
  runInNewContext(script, { document, location: { origin: 'http://127.0.0.1:4000' }, crypto, SwaggerUIBundle, SwaggerUIStandalonePreset: {} });
  return told as { options: Options; oauth: unknown };
}
