import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Refusal, type ProblemDef } from '@quan-so/contract';
import { NO_TRACE } from '@quan-so/observability';
import { COMMON_HEADERS } from './answer-headers.js';
import { problemDocument, problemHeaders } from './problem-answer.js';
import { languageOf } from './request-headers.js';

/** A refusal by a server that stands before the services, with the document and headers that they give. */
export function answerRefusal(req: IncomingMessage, res: ServerResponse, problem: ProblemDef, extra: Refusal['extra'] = {}): void {
  const refusal = new Refusal(problem, { extra });
  const language = languageOf(req.headers['accept-language']);
  const requestId = randomUUID();
  res.writeHead(problem.status, {
    ...COMMON_HEADERS,
    ...problemHeaders(refusal),
    'Request-Id': requestId,
    'Content-Language': language,
    'Content-Type': 'application/problem+json',
  });
  res.end(req.method === 'HEAD' ? undefined : JSON.stringify(problemDocument(refusal, language, requestId, NO_TRACE)));
}
