/** A district: a pod for each service, two of each, its own pack; installed and the tour green as a DevOps engineer would. */
import { freshInstall } from '../installed.js';
import { needsOf } from './memory.js';
import { play } from './tour.js';

const AUTHORITY = 'quan-sao-mai';
/** What the charts' README promises. */
const MOST_SECONDS = 600;

/** @type {import('./steps.js').Step} */
export const district = {
  id: 'district',
  vi: 'một quận: mỗi dịch vụ một pod, mỗi loại hai pod; cài xong và chuyến đi trọn vẹn trong 10 phút',
  en: 'a district: a pod for each service, two of each; installed and the whole tour green within 10 minutes',
  run: async (stage) => {
    const { shape } = stage;
    stage.shape = 'services';
    try {
      const began = performance.now();
      const took = await freshInstall(stage, { pack: AUTHORITY, storesValues: { authority: AUTHORITY }, platformValues: { 'global.authority': AUTHORITY } });
      const toured = await play(stage);
      const seconds = Math.round((performance.now() - began) / 1_000);
      if (seconds > MOST_SECONDS) throw new Error(`${seconds} s`);
      return { ...took, 'bước / steps': toured.steps, 'chuyến đi, s / tour, s': Math.round(toured.ms / 100) / 10, 'từ không tới xong, s / from nothing to done, s': seconds, ...(await needsOf(stage)) };
    } finally {
      stage.shape = shape;
    }
  },
};
