import { type Account } from './identity/accounts.js';

export interface Started {
  readonly base: string;
  readonly version: string;
  readonly authority: { readonly vi: string; readonly en: string };
  readonly services: readonly string[];
  readonly accounts: readonly Account[];
  readonly seconds: number;
  readonly accountsFile: string;
  readonly logFile: string;
  /** Where the data are when QUANSO_DATA says so; the next commands must be told too. */
  readonly dataDir: string | undefined;
  readonly tracesTo: string;
}

const SHOWN = ['desk-clerk', 'specialist', 'division-head', 'authority-lead', 'return-clerk', 'catalog-admin', 'statistics-department'];

/** Services that `npm run tour` goes through. */
const TOUR = ['catalog', 'dossiers', 'warehouse'];

/** The one screen that `npm start` prints: addresses, demo accounts, the next commands. At most 80 columns. */
export function screenOf(started: Started): string {
  const shown = SHOWN.flatMap((name) => started.accounts.filter((account) => account.name === name));
  const width = Math.max(...shown.map((account) => account.name.length));
  return [
    '',
    `Quận Số ${started.version} · ${started.authority.vi} · sẵn sàng sau ${seconds(started.seconds)} s / ready`,
    '',
    `  Trang đầu / start page      ${started.base}/`,
    `  API (thử ngay / try it)     ${started.base}/docs`,
    `  Vết / traces                ${started.base}/traces${started.tracesTo}`,
    `  Mã lỗi / problem codes      ${started.base}/problems`,
    `  Dịch vụ / services          ${started.services.join(' · ')}`,
    `  Nhật ký / log               ${started.logFile}`,
    '',
    '  Tài khoản mẫu, chỉ ở máy này / demo accounts, this machine only:',
    ...shown.map((account) => `    ${account.name.padEnd(width)}  ${account.secret}`),
    `    … tất cả / all: ${started.accountsFile}`,
    '',
    '  Lệnh tiếp theo, ở cửa sổ khác / next commands, in another window:',
    ...nextCommands(started).map((line) => `    ${line}`),
    '',
    '  Dừng / stop: Ctrl C. Dữ liệu được giữ / data stay.',
    '',
  ].join('\n');
}

/** What can be tried with the services that run. */
function nextCommands({ base, services, dataDir }: Started): string[] {
  const told = dataDir === undefined ? '' : `QUANSO_DATA='${dataDir.replaceAll("'", "'\\''")}' `;
  const call = (account: string, purpose: string, path: string): string[] => [
    `curl -H "Authorization: Bearer $(${told}npm run -s token -- ${account})" \\`,
    `  -H "Purpose-Code: ${purpose}" ${base}${path}`,
  ];
  return [
    ...(TOUR.every((name) => services.includes(name)) ? [`${told}npm run tour`] : []),
    `${told}npm run -s token -- desk-clerk`,
    ...(services.includes('warehouse')
      ? call('statistics-department', 'STATISTICS', '/api/warehouse/v1/datasets/dossiers/records')
      : services.includes('dossiers')
        ? call('desk-clerk', 'DOSSIER_HANDLING', '/api/dossiers/v1/dossiers')
        : [`curl ${base}/api/catalog/v1/procedures`]),
  ];
}

function seconds(value: number): string {
  return value.toFixed(1).replace('.', ',');
}
