import { type ProblemDef, type Refusal, type Text } from '@quan-so/contract';

/** Text as it may stand in HTML, also between quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Vietnamese, with English marked as such for screen readers. */
export function both({ vi, en }: Text): string {
  return `${escapeHtml(vi)} <span lang="en">${escapeHtml(en)}</span>`;
}

/** The index of problems: every code by status, with what happened. */
export function problemsIndexPage(problems: readonly ProblemDef[]): string {
  const statuses = [...new Set(problems.map(({ status }) => status))].toSorted((a, b) => a - b);
  const sections = statuses.map((status) => section(status, problems.filter((problem) => problem.status === status)));
  return page(
    'Mã lỗi',
    `<h1>Mã lỗi <span lang="en">Problem codes</span></h1>
<p>Mọi từ chối và lỗi của API là một tài liệu <code>application/problem+json</code> (RFC 9457). Chương trình dựa vào <code>code</code>: mã không bao giờ đổi, lời thì có thể.
<span lang="en">Every refusal and error of the API is a problem document. Programs rely on its code, which never changes; the words may improve.</span></p>
${sections.join('')}`,
  );
}

function section(status: number, problems: readonly ProblemDef[]): string {
  const rows = problems
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, title }) => `<tr><th scope="row"><a href="/problems/${code}">${code}</a></th><td>${both(title)}</td></tr>`);
  return `<section aria-labelledby="s${status}"><h2 id="s${status}">${status}</h2>
<table><thead><tr><th scope="col">Mã <span lang="en">Code</span></th><th scope="col">Điều đã xảy ra <span lang="en">What happened</span></th></tr></thead>
<tbody>${rows.join('')}</tbody></table></section>`;
}

/** The page of one problem: what happened, what to do now, whether the same request may succeed later. */
export function problemPage(problem: ProblemDef): string {
  const { code, status, title, remedy, retryable } = problem;
  const again: Text = retryable
    ? { vi: 'Có: cùng yêu cầu, cùng Idempotency-Key, sau Retry-After nếu có.', en: 'Yes: the same request with the same Idempotency-Key, after Retry-After if given.' }
    : { vi: 'Không: yêu cầu y như vậy sẽ lại bị từ chối khi tình trạng chưa đổi.', en: 'No: the same request is refused again until something changes.' };
  return page(
    code,
    `<p><a href="/problems">Mọi mã lỗi <span lang="en">All problem codes</span></a></p>
<h1><code>${code}</code></h1>
<dl><dt>Điều đã xảy ra <span lang="en">What happened</span></dt><dd>${both(title)}</dd>
<dt>Làm gì bây giờ <span lang="en">What to do now</span></dt><dd>${both(remedy)}</dd>
<dt>Gửi lại có được không <span lang="en">May it be sent again</span></dt><dd>${both(again)}</dd>
<dt>Trạng thái HTTP <span lang="en">HTTP status</span></dt><dd>${status}</dd></dl>`,
  );
}

/** The page for a code that no service here gives. */
export function unknownProblemPage(): string {
  return page(
    'Không có mã này',
    `<h1>Không có mã lỗi này <span lang="en">No such problem code</span></h1>
<p><a href="/problems">Mọi mã lỗi <span lang="en">All problem codes</span></a></p>`,
  );
}

/** What a person sees in a browser where a program gets a problem document. */
export function refusalPage({ problem, detail }: Refusal): string {
  const { code, title, remedy } = problem;
  return page(
    title.vi,
    `<h1>${both(title)}</h1>
<p>${both(detail ?? remedy)}</p>
<p><a href="/">${both({ vi: 'Về trang đầu', en: 'To the start page' })}</a> · <a href="/problems/${code}"><code>${code}</code></a></p>`,
  );
}

/** A page of the door's own: no script, nothing from elsewhere. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Quận Số</title><style>${STYLE}</style></head><body>
<header><a href="/">Quận Số</a> <a href="/docs">API</a> <a href="/problems">Mã lỗi <span lang="en">Problems</span></a> <a href="/runbooks">Báo động <span lang="en">Alarms</span></a></header>
<main>${body}</main></body></html>`;
}

// Contrast of every pair of text and ground is at least 4.5:1 (WCAG 2.2 AA).
const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:1rem/1.6 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b1f24;background:#f6f7f9}
header{background:#8f1313;padding:.75rem max(1rem,calc((100vw - 64rem)/2));display:flex;gap:1.5rem}
header a{color:#fff;text-decoration:none}header a:first-child{font-weight:700}header a:hover{text-decoration:underline}
main{max-width:66rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.25rem;margin:1.5rem 0 .5rem}
span[lang=en]{color:#5a6270;font-size:.875em;font-weight:400}header span[lang=en]{color:#ffdcdc}
a{color:#0b4f9e}a:focus-visible{outline:3px solid #b45309;outline-offset:2px}
table{border-collapse:collapse;width:100%;background:#fff;border:1px solid #d5d9df}
th,td{padding:.4rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid #e6e9ed}thead th{background:#eef0f3}
tbody th{font-weight:400;font-family:ui-monospace,monospace;font-size:.9em;width:40%;overflow-wrap:anywhere}
@media(max-width:40rem){tbody th,tbody td{display:block;width:auto}tbody th{border:0;padding-bottom:0}thead th+th{display:none}}
dl{background:#fff;border:1px solid #d5d9df;border-radius:.5rem;padding:1rem 1.25rem}dt{font-weight:600}dd{margin:0 0 .75rem}`;
