import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Refusal } from '@quan-so/contract';
import { COMMON_HEADERS } from './answer-headers.js';
import { PLAIN_PAGE } from './document-routes.js';
import { problemDocument, problemHeaders } from './problem-answer.js';
import { refusalPage } from './problem-pages.js';
import { languageOf, pageWanted } from './request-headers.js';

/** A refusal by a server that stands before the services, with the document and headers that they give; to a browser a page. */
export function answerRefusal(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  const language = languageOf(req.headers['accept-language']);
  const requestId = randomUUID();
  const page = pageWanted(req.headers.accept);
  res.writeHead(refusal.problem.status, {
    ...COMMON_HEADERS,
    ...(page ? PLAIN_PAGE : {}),
    ...problemHeaders(refusal),
    'Request-Id': requestId,
    // A page says both, Vietnamese first.
    'Content-Language': page ? 'vi, en' : language,
    'Content-Type': page ? 'text/html; charset=utf-8' : 'application/problem+json',
  });
  const body = page ? refusalPage(refusal) : JSON.stringify(problemDocument(refusal, language, requestId));
  res.end(req.method === 'HEAD' ? undefined : body);
}
