export * from './problems.js';
export { CURSOR_LENGTH, PAGE_LIMIT, cursorText, pageBody, type PageBody } from './page-body.js';
