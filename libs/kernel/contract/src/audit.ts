import { z } from 'zod';
import { defineEvent } from './event.js';

/**
 * Who did, or who saw, what. Written by `persistence` in the transaction of the change, or committed before the bytes
 * of a read leave. It names things by code and id; it never holds a personal number.
 */
export const auditFact = z.object({
  id: z.uuid(),
  at: z.iso.datetime({ offset: true }),
  kind: z.enum(['change', 'access']),
  service: z.string().max(60),
  /** Permission under which it was done. */
  action: z.string().max(100),
  actor: z.object({
    kind: z.enum(['person', 'system']),
    id: z.string().max(100),
    username: z.string().max(100),
    client: z.string().max(100),
    positions: z.array(z.object({ role: z.string().max(60), unit: z.string().max(35) })).max(50),
  }),
  purpose: z.string().max(100).nullable(),
  /** Things changed or shown, e.g. `dossier:<uuid>`; at most 200 (one page). */
  objects: z.array(z.string().max(200)).max(200),
  /** Names of the fields shown or changed, never their values. */
  fields: z.array(z.string().max(100)).max(100),
  outcome: z.enum(['done', 'shown', 'none']),
  requestId: z.string().max(100),
  traceId: z.string().max(32),
});
export type AuditFact = z.output<typeof auditFact>;

export const AuditEntry = defineEvent({
  layer: 'security',
  name: 'audit-entry',
  version: 1,
  kind: 'audit',
  schema: auditFact,
  description: 'Ai đã làm gì, ai đã xem gì. / Who did or saw what.',
});
