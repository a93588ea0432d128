import { type IncomingMessage } from 'node:http';
import { Refusal, type ProblemDef } from '@quan-so/contract';
import { BODY_LIMITS } from './json-body.js';
import { BODY_TOO_LARGE, MALFORMED_REQUEST, REQUEST_TIMEOUT } from './problems.js';

/** Of a body too large so much is read and thrown away, so that its sender comes to read our answer. */
const DISCARD_BYTES = 4 * 1024 * 1024;

/**
 * The bytes of a body: at most 256 KB are ever held, and it has arrived within `ms`.
 * Throws Refusal BODY_TOO_LARGE, REQUEST_TIMEOUT, or MALFORMED_REQUEST when its sender went away.
 */
export function readBody(raw: IncomingMessage, ms: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const refuse = (problem: ProblemDef): void => settle(() => reject(new Refusal(problem)));
    const timer = setTimeout(() => refuse(received > BODY_LIMITS.bytes ? BODY_TOO_LARGE : REQUEST_TIMEOUT), ms);
    const onData = (chunk: Buffer): void => {
      received += chunk.length;
      if (received <= BODY_LIMITS.bytes) chunks.push(chunk);
      else chunks.length = 0;
      if (received > DISCARD_BYTES) refuse(BODY_TOO_LARGE);
    };
    const onEnd = (): void => (received > BODY_LIMITS.bytes ? refuse(BODY_TOO_LARGE) : settle(() => resolve(Buffer.concat(chunks))));
    const onGone = (): void => refuse(MALFORMED_REQUEST);
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      raw.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      how();
    };
    raw.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
    raw.resume();
  });
}
