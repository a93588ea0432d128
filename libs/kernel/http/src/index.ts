export * from './problems.js';
export { CURSOR_LENGTH, PAGE_LIMIT, cursorText, pageBody, type PageBody } from './page-body.js';
export { BODY_LIMITS, readJson } from './json-body.js';
export { Handles, operationOf, statusOf } from './handles.js';
export { declaredProblems } from './declared.js';
export { type Health, type HttpApp, type HttpLimits, type HttpOptions, type Quota, type RateLimit } from './http-options.js';
export { createHttpApp } from './http-app.js';
export { ProblemError, createClient, type Client, type ClientOptions, type Given, type ProblemDocument, type Reply } from './client.js';
