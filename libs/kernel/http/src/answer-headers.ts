import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type OperationDef } from '@quan-so/contract';

/**
 * On every answer. An API's answer is data: it runs nothing, is framed nowhere and guessed at by nobody.
 * Pages (documents, problems) bring a policy of their own. Strict-Transport-Security is said where TLS ends.
 */
export const COMMON_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  Vary: 'Accept, Accept-Language, Authorization',
} as const;

export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ ...COMMON_HEADERS, 'Request-Id': request.id, 'Content-Language': request.held.language });
}

/** Of an answer that went well. Personal data is kept by nobody; public data may be kept and asked about again. */
export function cacheControl(operation: OperationDef): string {
  if (operation.personal || operation.method !== 'GET') return 'no-store';
  return 'public' in operation.access ? 'no-cache' : 'private, no-cache';
}
