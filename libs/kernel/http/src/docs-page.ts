import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Text } from '@quan-so/contract';
import { escapeHtml } from './problem-pages.js';

export interface DocsPage {
  readonly services: readonly { readonly service: string; readonly title: Text }[];
  /** The realm people sign in at. */
  readonly issuer: string;
  /** Public client of the realm: code and PKCE, no secret. */
  readonly client: string;
}

/** The page on which a person signs in and tries the API: Swagger UI from this host, nothing from elsewhere. */
export function docsPage({ services, client }: DocsPage): string {
  const config = { client, services: services.map(({ service, title }) => ({ url: `/openapi/${service}.json`, name: `${service} · ${title.vi} / ${title.en}` })) };
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Quận Số</title><link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<style>body{margin:0}header{background:#8f1313;padding:.75rem 1rem;font:1rem/1.6 system-ui,sans-serif;color:#fff}header a{color:#fff;margin-right:1.5rem}header span{color:#ffdcdc}header p{margin:.25rem 0 0}</style></head><body>
<header><a href="/">Quận Số</a> <a href="/problems">Mã lỗi <span lang="en">Problems</span></a>
<p>Chọn dịch vụ ở ô bên dưới, bấm Authorize, ở mục authorizationCode để trống client_secret và đăng nhập bằng một tài khoản, rồi thử API thật.
<span lang="en">Choose a service below, press Authorize; under authorizationCode leave client_secret empty and sign in with an account, then try the real API.</span></p></header>
<div id="docs" data-config="${escapeHtml(JSON.stringify(config))}"><noscript>Trang này cần JavaScript; tài liệu: <a href="/openapi/index.json">/openapi/index.json</a>. <span lang="en">This page needs JavaScript.</span></noscript></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/swagger-ui-standalone-preset.js"></script><script src="/docs/start.js"></script>
</body></html>`;
}

/**
 * The page's own script. The token stays in the page's memory and is gone with it. A POST takes a fresh Idempotency-Key
 * unless the person typed one: the example of the document, sent twice, would be a retry of somebody's first request.
 */
const START = `'use strict';
const { client, services } = JSON.parse(document.getElementById('docs').dataset.config);
const EXAMPLE = '0190f6a0-7c1e-7b2a-9d3e-1f2a3b4c5d6e';

// crypto.randomUUID is not there on plain HTTP outside localhost.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function withFreshKey(request) {
  const name = Object.keys(request.headers || {}).find((header) => header.toLowerCase() === 'idempotency-key');
  if (name !== undefined && (request.headers[name] || EXAMPLE) === EXAMPLE) request.headers[name] = uuid();
  return request;
}

const ui = SwaggerUIBundle({
  dom_id: '#docs',
  urls: services,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  tryItOutEnabled: true,
  validatorUrl: null,
  persistAuthorization: false,
  oauth2RedirectUrl: location.origin + '/docs/oauth2-redirect.html',
  requestInterceptor: withFreshKey,
});
ui.initOAuth({ clientId: client, scopes: 'openid', usePkceWithAuthorizationCodeGrant: true });
`;

/** Files of Swagger UI that the page asks for, by their type. */
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'oauth2-redirect.html': 'text/html; charset=utf-8',
  'oauth2-redirect.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** A file below `/docs/`; undefined when the page has no such file. Read when first asked for, then kept. */
export function docsAsset(name: string): { type: string; body: string | Buffer } | undefined {
  if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', body: START };
  const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  if (type === undefined) return undefined;
  const kept = read.get(name) ?? readFileSync(join(swaggerFolder(), name));
  read.set(name, kept);
  return { type, body: kept };
}
const read = new Map<string, Buffer>();

function swaggerFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

/** What the page may do: its own scripts, its own API, and tokens from the realm. Swagger UI styles elements one by one. */
export function docsPolicy(issuer: string): string {
  const realm = URL.canParse(issuer) ? ` ${new URL(issuer).origin}` : '';
  return `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'${realm}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
