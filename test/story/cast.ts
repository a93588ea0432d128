import { PreviewDeadline, type DeadlinePreviewView, type DossierView } from '@quan-so/contracts-applications';
import { ReadProcedure, type Procedure } from '@quan-so/contracts-data';
import { type Story } from './world.js';

/** The two procedures of the story. */
export const PERMIT = { procedure: '1.013225', case: 'separate-house' } as const;
export const BUSINESS = { procedure: '1.001612', case: 'one-person' } as const;

/** Test numbers alone (999); both are masked wherever they are shown. */
export const PERMIT_PERSON = '999190000010';
export const BUSINESS_PERSON = '999285000023';
export const NUMBERS: readonly string[] = [PERMIT_PERSON, BUSINESS_PERSON];

/** What people read their dossiers for. */
export const HANDLING = 'DOSSIER_HANDLING';

/** Somebody who does not exist, with the word by which this telling finds its own. */
export function applicant(story: Story, name: string, personalNumber: string) {
  return { kind: 'citizen' as const, name: `${name} ${story.mark}`, personalNumber, phone: '0900000000', address: 'Tổ 3' };
}

/** A procedure as the catalogue publishes it. */
export async function procedureOf(story: Story, code: string): Promise<{ version: number; body: Procedure }> {
  const { version, body } = (await story.as('').call(ReadProcedure, { params: { code } })).body;
  return { version, body };
}

export type Preview = DeadlinePreviewView;

/** The deadline that the desk is told beforehand, for what the dossier was received under. */
export async function previewOf(story: Story, dossier: DossierView, pauses: readonly { from: string; to: string; effect: 'shift' | 'restart' }[] = []): Promise<Preview> {
  const { procedure, case: ofCase, channel, unit, acceptedAt } = dossier;
  const body = { procedure: procedure.code, case: ofCase, channel, unit, receivedAt: acceptedAt ?? '', pauses: [...pauses] };
  return (await story.as('desk-clerk').call(PreviewDeadline, { body })).body;
}
