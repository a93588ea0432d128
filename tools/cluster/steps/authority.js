/** An authority whose pack is in no image: two ConfigMaps and one for the realm, as charts/README.md tells it; its people work. */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshInstall } from '../installed.js';
import { AUTHORITY, PLATFORM, ROOT, STORES } from '../place.js';
import { reader } from '../sql.js';

const [MODEL, OURS] = ['H99.06', 'H99.77'];
const WORK_MS = 10_000;

/** @type {import('./steps.js').Step} */
export const authority = {
  id: 'authority',
  vi: 'một chính quyền có gói của riêng mình, không nằm trong ảnh: người của họ làm việc, mã hồ sơ là của họ',
  en: 'an authority with a pack of its own that is in no image: its people work, the codes of dossiers are its own',
  run: async (stage) => {
    const { kube } = stage;
    const pack = packOf(join(stage.dir, 'phuong-cua-ta'));
    const before = async () => {
      await kube.kubectl(['-n', PLATFORM, 'create', 'configmap', 'our-pack', `--from-file=${pack}`]);
      await kube.kubectl(['-n', PLATFORM, 'create', 'configmap', 'our-pack-procedures', `--from-file=${join(pack, 'procedures')}`]);
      await kube.kubectl(['-n', STORES, 'create', 'configmap', 'our-staff', `--from-file=${join(pack, 'staff.json')}`]);
    };
    const took = await freshInstall(stage, { pack, before, storesValues: { 'realm.pack': 'our-staff' }, platformValues: { 'global.pack': 'our-pack' } });
    const load = await stage.load('authority', 6);
    await sleep(WORK_MS);
    const { acknowledged } = await load.stop();
    const { faults } = await load.faults();
    const codes = (await reader(kube)('dossiers')('', 'SELECT code, unit FROM dossier', [])).map(({ code, unit }) => `${code} ${unit}`);
    faults.push(...codes.filter((one) => !one.split(' ').every((word) => word.startsWith(OURS))));
    if (codes.length === 0 || faults.length > 0) throw new Error(faults.slice(0, 10).join('\n') || 'không có hồ sơ / no dossier');
    return { 'cả hai / both, s': took['cả hai / both, s'] ?? 0, 'hồ sơ / dossiers': codes.length, 'mã đầu / first code': String(codes.sort()[0]?.split(' ')[0]), 'đã xác nhận / acknowledged': acknowledged };
  },
};

/** The ward's pack under another code. @param {string} folder */
function packOf(folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(ROOT, 'deploy', 'authorities', AUTHORITY), folder, { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) writeFileSync(path, readFileSync(path, 'utf8').replaceAll(MODEL, OURS));
  }
  return folder;
}
