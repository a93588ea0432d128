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

/** The one screen that `npm start` prints: addresses, demo accounts, the next three commands. At most 80 columns. */
export function screenOf(started: Started): string {
  const shown = SHOWN.flatMap((name) => started.accounts.filter((account) => account.name === name));
  const width = Math.max(...shown.map((account) => account.name.length));
  const told = started.dataDir === undefined ? '' : `QUANSO_DATA='${started.dataDir.replaceAll("'", "'\\''")}' `;
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
    '  Ba lệnh tiếp theo, ở cửa sổ khác / next three commands, in another window:',
    `    ${told}npm run tour`,
    `    ${told}npm run -s token -- desk-clerk`,
    `    curl -H "Authorization: Bearer $(${told}npm run -s token -- statistics-department)" \\`,
    `      -H "Purpose-Code: STATISTICS" ${started.base}/api/warehouse/v1/datasets/dossiers/records`,
    '',
    '  Dừng / stop: Ctrl C. Dữ liệu được giữ / data stay.',
    '',
  ].join('\n');
}

function seconds(value: number): string {
  return value.toFixed(1).replace('.', ',');
}
