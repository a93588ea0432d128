import { escape } from './escape.js';

/** What the start page speaks of. */
export interface StartPage {
  readonly authority: { readonly vi: string; readonly en: string };
  /** Of the pack: title, and a colour (#rrggbb) that white text is read on. */
  readonly branding: { readonly title: { readonly vi: string; readonly en: string }; readonly colour: string };
  readonly version: string;
  readonly services: readonly string[];
  readonly units: readonly { readonly code: string; readonly name: string }[];
}

interface Link {
  readonly href: string;
  readonly vi: string;
  readonly en: string;
}

interface Audience {
  readonly vi: string;
  readonly en: string;
  /** What to expect, above the links. */
  readonly note?: { readonly vi: string; readonly en: string };
  readonly links: readonly Link[];
}

const AUDIENCES: readonly Audience[] = [
  {
    vi: 'Hệ thống của phòng ban',
    en: 'Departments’ systems',
    links: [
      { href: '/docs', vi: 'Đăng nhập và thử API', en: 'Log in and try the API' },
      { href: '/openapi/index.json', vi: 'Tài liệu OpenAPI 3.1', en: 'OpenAPI 3.1 documents' },
      { href: '/problems', vi: 'Mã lỗi và cách xử lý', en: 'Problem codes and remedies' },
      { href: '/runbooks', vi: 'Báo động và cách xử lý', en: 'Alarms and what to do' },
    ],
  },
  {
    vi: 'Người vận hành',
    en: 'Operators',
    links: [
      { href: '/traces', vi: 'Vết của từng yêu cầu, tìm theo mã hồ sơ', en: 'Traces, by dossier code' },
      { href: '/traces?order=errors', vi: 'Vết có lỗi', en: 'Traces with errors' },
      { href: '/traces?order=slowest', vi: 'Vết chậm nhất', en: 'Slowest traces' },
    ],
  },
  {
    vi: 'DevOps',
    en: 'DevOps',
    links: [
      { href: '/health/ready', vi: 'Sẵn sàng của từng dịch vụ', en: 'Readiness of each service' },
      { href: '/realms/quan-so/.well-known/openid-configuration', vi: 'Cấu hình đăng nhập OIDC', en: 'OIDC configuration' },
    ],
  },
  {
    vi: 'Cán bộ và người dân',
    en: 'Staff and citizens',
    note: { vi: 'Màn hình sẽ có sau; bây giờ xem được dữ liệu.', en: 'Screens come later; the data can be seen now.' },
    links: [
      { href: '/api/catalog/v1/procedures', vi: 'Thủ tục đang áp dụng (JSON)', en: 'Procedures in force (JSON)' },
      { href: '/api/catalog/v1/units', vi: 'Đơn vị (JSON)', en: 'Units (JSON)' },
      { href: '/api/catalog/v1/calendars', vi: 'Lịch làm việc và ngày nghỉ (JSON)', en: 'Working calendar and holidays (JSON)' },
    ],
  },
];

/** Every address the page links to; a test follows each of them. */
export const LINKS = AUDIENCES.flatMap((audience) => audience.links.map((link) => link.href));

/** The start page: plain HTML, no script, for the four kinds of user. */
export function startPage(page: StartPage): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quận Số · ${escape(page.branding.title.vi)}</title><style>${STYLE}header{background:${escape(page.branding.colour)}}</style></head><body>
<header><h1>Quận Số</h1><p>${escape(page.authority.vi)} <span lang="en">${escape(page.authority.en)}</span></p></header>
<main><div class="cards">${AUDIENCES.map((audience) => card(audience, page.services)).join('')}</div>
<section aria-labelledby="units"><h2 id="units">Đơn vị <span lang="en">Units</span></h2>
<ul class="units">${page.units.map((unit) => `<li><code>${escape(unit.code)}</code> ${escape(unit.name)}</li>`).join('')}</ul></section></main>
<footer><p>Phiên bản ${escape(page.version)} · dịch vụ: ${page.services.map(escape).join(', ')} · dữ liệu mẫu, chỉ ở máy này
<span lang="en">demo data, this machine only</span></p></footer>
</body></html>`;
}

function card(audience: Audience, services: readonly string[]): string {
  const { note } = audience;
  const said = note === undefined ? '' : `<p>${note.vi} <span lang="en">${note.en}</span></p>`;
  const links = audience.links
    // What a service answers that was not chosen would lead nowhere.
    .filter(({ href }) => !href.startsWith('/api/') || services.includes(href.split('/')[2] ?? ''))
    .map((link) => `<li><a href="${link.href}">${link.vi}</a> <span lang="en">${link.en}</span></li>`)
    .join('');
  return `<section><h2>${audience.vi}${audience.en === audience.vi ? '' : ` <span lang="en">${audience.en}</span>`}</h2>${said}<ul>${links}</ul></section>`;
}

// Contrast of every pair is at least 4.5:1 (WCAG 2.2 AA); system fonts have the Vietnamese letters everywhere.
const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:1rem/1.6 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b1f24;background:#f6f7f9}
header{color:#fff;padding:1.5rem max(1rem,calc((100vw - 64rem)/2))}
header h1{margin:0;font-size:1.75rem}header p{margin:.25rem 0 0}
main{max-width:66rem;margin:0 auto;padding:1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1rem}
section{background:#fff;border:1px solid #d5d9df;border-radius:.5rem;padding:1rem 1.25rem;margin-bottom:1rem}
.cards section{margin:0}.cards p{margin:0 0 .5rem}h2{margin:0 0 .5rem;font-size:1.125rem}h2+ul{margin:0;padding-left:1.1rem}
span[lang=en]{color:#5a6270;font-size:.875rem;font-weight:400}header span[lang=en]{color:#fff}
a{color:#0b4f9e}a:focus-visible{outline:3px solid #b45309;outline-offset:2px}
main>section{margin-top:1rem}.units{columns:2 16rem}code{font-size:.9em}
footer{max-width:66rem;margin:0 auto;padding:0 1rem 2rem;color:#414852;font-size:.875rem}`;
