import { householdBusiness } from './business.js';
import { followTraces } from './follow.js';
import { lateChanges } from './late-change.js';
import { buildingPermit, type PermitTold } from './permit.js';
import { nothingPersonal } from './privacy.js';
import { separationOfDuties } from './separation.js';
import { departmentReads } from './warehouse.js';
import { type Story } from './world.js';

/**
 * The whole path of the house, from the counter to the warehouse: played by `npm run tour` on a running platform and by
 * test/scenarios as a test, on either transport. `output` answers what the platform wrote to its log, where it is known.
 */
export async function playStory(story: Story, output: () => string | undefined): Promise<PermitTold> {
  const permit = await buildingPermit(story);
  await separationOfDuties(story);
  const business = await householdBusiness(story, permit.dossier.receivingUnit);
  const open = await lateChanges(story, permit.dossier, business.counter);
  await departmentReads(story, permit.dossier, permit.journey, open);
  await followTraces(story, permit.journey);
  await nothingPersonal(story, output());
  return permit;
}
