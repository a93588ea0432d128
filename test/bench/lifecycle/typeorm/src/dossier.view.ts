import type { Dossier } from './entities.js';

const mask = (text: string | null, shown = 3): string | null => (text === null ? null : `${'*'.repeat(Math.max(0, text.length - shown))}${text.slice(-shown)}`);
const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** What answers show of a dossier; the same fields as the platform's. */
export function viewOf(dossier: Dossier) {
  return {
    id: dossier.id,
    code: dossier.code,
    version: dossier.version,
    state: dossier.state,
    status: { code: dossier.status },
    outcome: dossier.outcome,
    procedure: { code: dossier.procedure.code, version: dossier.procedure.version, name: dossier.procedure.name },
    case: dossier.case,
    channel: dossier.channel,
    summary: dossier.summary,
    applicant: {
      kind: dossier.applicant.kind,
      name: dossier.applicant.name,
      personalNumber: mask(dossier.applicant.personalNumber),
      organisationCode: dossier.applicant.organisationCode,
      phone: mask(dossier.applicant.phone),
      address: dossier.applicant.address,
    },
    papers: [...dossier.papers].sort((a, b) => a.position - b.position).map(({ name, originals, copies }) => ({ name, originals, copies })),
    receivingUnit: dossier.receivingUnit.code,
    unit: dossier.unit.code,
    receivedAt: iso(dossier.receivedAt),
    acceptedAt: iso(dossier.acceptedAt),
    deadline:
      dossier.dueAt === null
        ? null
        : {
            term: { unit: dossier.termUnit, value: dossier.termValue },
            dueAt: iso(dossier.dueAt),
            appointmentAt: iso(dossier.promisedAt),
            calendar: { code: dossier.calendarCode, version: dossier.calendarVersion },
          },
    window: dossier.windowDueAt === null ? null : { kind: dossier.windowKind, dueAt: iso(dossier.windowDueAt), basis: dossier.windowBasis },
    assignee: dossier.assignee,
    result: dossier.draft && { outcome: dossier.draft.outcome, result: dossier.draft.result, reason: dossier.draft.reason, documentNumber: dossier.draft.documentNumber },
    finishedAt: iso(dossier.finishedAt),
    returnedAt: iso(dossier.returnedAt),
  };
}

export type DossierView = ReturnType<typeof viewOf>;
