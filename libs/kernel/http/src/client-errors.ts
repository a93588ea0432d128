import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerOptions, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { Refusal, type ProblemDef } from '@quan-so/contract';
import { HEADERS_TOO_LARGE, MALFORMED_REQUEST, REQUEST_TIMEOUT } from './problems.js';
import { problemDocument, problemHeaders } from './problem-answer.js';
import { COMMON_HEADERS } from './answer-headers.js';

/** How every server of ours listens: limits on time and size, and no answer of Node's own. */
export const SERVER_OPTIONS = {
  keepAliveTimeout: 5_000,
  headersTimeout: 15_000,
  // Longer than the time for a body, so that the slow sender gets the answer with its own language.
  requestTimeout: 40_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  requireHostHeader: false,
} as const satisfies ServerOptions;

const BY_CODE: Readonly<Record<string, ProblemDef>> = {
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: MALFORMED_REQUEST,
  ERR_HTTP_REQUEST_TIMEOUT: REQUEST_TIMEOUT,
};

/** For `server.on('clientError')`: what is not HTTP is answered with a problem document too, and the connection closed. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const { _httpMessage: open } = socket as Socket & { _httpMessage?: ServerResponse };
  // What came before on this connection was right, and its answer is still due.
  if (open?.req.complete === true && !open.writableEnded) open.once('finish', () => end(error, socket));
  // An answer has begun that this one would fall into.
  else if (open?.headersSent === true && !open.writableFinished) socket.destroy();
  else end(error, socket);
}

function end(error: NodeJS.ErrnoException, socket: Socket): void {
  // Nobody listens any more.
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else socket.end(answerTo(error));
}

function answerTo(error: NodeJS.ErrnoException): Buffer {
  const requestId = randomUUID();
  const refusal = new Refusal(BY_CODE[error.code ?? ''] ?? MALFORMED_REQUEST);
  const { status } = refusal.problem;
  const body = Buffer.from(JSON.stringify(problemDocument(refusal, 'vi', requestId)));
  const headers = {
    ...COMMON_HEADERS,
    ...problemHeaders(refusal),
    'Request-Id': requestId,
    'Content-Language': 'vi',
    'Content-Type': 'application/problem+json',
    'Content-Length': String(body.length),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`), body]);
}
