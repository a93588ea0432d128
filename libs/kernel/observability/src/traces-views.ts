import { escape } from './traces-html.js';
import { type StoredSpan, type StoredTrace, type TraceSummary } from './trace-store.js';
import { type ListQuestion } from './traces-page.js';

const ORDERS = [
  { order: 'newest', vi: 'Mới nhất', en: 'Newest' },
  { order: 'errors', vi: 'Lỗi và từ chối', en: 'Errors and refusals' },
  { order: 'slowest', vi: 'Chậm nhất', en: 'Slowest' },
] as const;

/** The list: search by dossier code, three orders, one row per trace. */
export function listBody(question: ListQuestion, found: readonly TraceSummary[]): string {
  return `<h1>Vết của từng yêu cầu <span lang="en">Traces</span></h1>
<form action="/traces" method="get" role="search"><div><label for="code">Mã hồ sơ <span lang="en">Dossier code</span></label>
<input id="code" name="code" value="${escape(question.code)}" autocomplete="off" spellcheck="false"></div>
<input type="hidden" name="order" value="${question.order}"><button>Tìm</button></form>
<nav aria-label="Thứ tự">${ORDERS.map((choice) => tab(choice, question)).join('')}</nav>
${found.length === 0 ? emptyList(question) : table(found)}`;
}

/** One trace: facts, then its spans as a waterfall, each under what called it. */
export function traceBody(trace: StoredTrace): string {
  const services = trace.services;
  return `<h1>${escape(trace.name)} ${badges(trace)}</h1>
<dl class="facts">${fact('Bắt đầu', 'Start', timeOf(trace.start))}${fact('Kéo dài', 'Duration', durationOf(trace.ms))}
${fact('Số bước', 'Spans', `${trace.spans}${trace.dropped > 0 ? ` (+${trace.dropped} không giữ <span lang="en">not kept</span>)` : ''}`)}
${trace.dossierCodes.map((code) => fact('Hồ sơ', 'Dossier', dossierLink(code))).join('')}
${fact('Vết', 'Trace', `<code>${trace.traceId}</code>`)}</dl>
<div class="scroll"><table class="w"><thead><tr><th scope="col">Bước <span lang="en">Span</span></th><th scope="col">Dịch vụ <span lang="en">Service</span></th>
<th scope="col" class="n">Từ <span lang="en">Start</span></th><th scope="col" class="n">Kéo dài <span lang="en">Duration</span></th>
<th scope="col">0 – ${durationOf(trace.ms)}</th></tr></thead>
<tbody>${nested(trace.items).map(({ span, depth }) => spanRow(span, depth, trace, services)).join('')}</tbody></table></div>`;
}

function tab(choice: (typeof ORDERS)[number], question: ListQuestion): string {
  const query = new URLSearchParams({ ...(question.code === '' ? {} : { code: question.code }), order: choice.order });
  const current = choice.order === question.order ? ' aria-current="page"' : '';
  return `<a href="/traces?${escape(query.toString())}"${current}>${choice.vi} <span lang="en">${choice.en}</span></a>`;
}

function emptyList(question: ListQuestion): string {
  if (question.code !== '') {
    return `<p class="empty">Không có vết nào của hồ sơ <code>${escape(question.code)}</code> trong một nghìn vết gần nhất.
<br><span lang="en">No trace of this dossier among the last thousand.</span> <a href="/traces">Xem tất cả</a></p>`;
  }
  if (question.order === 'errors') return '<p class="empty">Chưa có lỗi nào. <span lang="en">No errors so far.</span></p>';
  return `<p class="empty">Chưa có vết nào. Chạy <code>npm run tour</code> rồi tải lại trang.
<br><span lang="en">No traces yet: run the tour, then reload.</span></p>`;
}

function table(found: readonly TraceSummary[]): string {
  return `<div class="scroll"><table><thead><tr><th scope="col">Lúc <span lang="en">Time</span></th><th scope="col">Yêu cầu <span lang="en">Request</span></th>
<th scope="col">Hồ sơ <span lang="en">Dossier</span></th><th scope="col">Dịch vụ <span lang="en">Services</span></th>
<th scope="col" class="n">Bước <span lang="en">Spans</span></th><th scope="col" class="n">Kéo dài <span lang="en">Duration</span></th></tr></thead>
<tbody>${found.map(listRow).join('')}</tbody></table></div>`;
}

function listRow(trace: TraceSummary): string {
  return `<tr><td>${timeOf(trace.start)}</td><td><a href="/traces/${trace.traceId}">${escape(trace.name)}</a> ${badges(trace)}</td>
<td>${trace.dossierCodes.slice(0, 3).map(dossierLink).join('<br>')}</td><td>${trace.services.map(escape).join(' · ')}</td>
<td class="n">${trace.spans + trace.dropped}</td><td class="n">${durationOf(trace.ms)}</td></tr>`;
}

function badges(trace: TraceSummary): string {
  const failed = trace.errors > 0 ? `<span class="bad">lỗi ×${trace.errors}</span> ` : '';
  return failed + (trace.problem === undefined ? '' : `<span class="no">${escape(trace.problem)}</span>`);
}

function dossierLink(code: string): string {
  return `<a href="/traces?${escape(new URLSearchParams({ code }).toString())}"><code>${escape(code)}</code></a>`;
}

/** Deeper nesting than this is drawn no further to the right. */
const DEEPEST = 12;

function nested(spans: readonly StoredSpan[]): { span: StoredSpan; depth: number }[] {
  const known = new Set(spans.map((span) => span.spanId));
  const children = new Map<string, StoredSpan[]>();
  for (const span of spans) {
    const under = span.parentId !== undefined && known.has(span.parentId) ? span.parentId : '';
    const siblings = children.get(under);
    if (siblings === undefined) children.set(under, [span]);
    else siblings.push(span);
  }
  const drawn: { span: StoredSpan; depth: number }[] = [];
  // A stack, not recursion: a trace may be one chain of 500 spans.
  const waiting = (children.get('') ?? []).map((span) => ({ span, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    drawn.push(next);
    const depth = Math.min(next.depth + 1, DEEPEST);
    waiting.push(...(children.get(next.span.spanId) ?? []).map((span) => ({ span, depth })).reverse());
  }
  return drawn;
}

function spanRow(span: StoredSpan, depth: number, trace: StoredTrace, services: readonly string[]): string {
  const color = `c${Math.max(0, services.indexOf(span.service)) % 6}`;
  const problem = span.attributes['quanso.problem'];
  const mark = span.error !== undefined ? ` <span class="bad">${escape(span.error)}</span>` : problem === undefined ? '' : ` <span class="no">${escape(String(problem))}</span>`;
  const whole = Math.max(trace.ms, 0.001);
  const x = ((span.start - trace.start) / whole) * 100;
  const width = Math.max((span.ms / whole) * 100, 0.3);
  return `<tr><td class="d${depth}"><details><summary>${escape(span.name)}${mark}</summary>${attributeList(span)}</details></td>
<td><span class="s ${color}"><b>${escape(span.service)}</b></span></td><td class="n">+${durationOf(span.start - trace.start)}</td><td class="n">${durationOf(span.ms)}</td>
<td><svg role="img" aria-label="từ ${durationOf(span.start - trace.start)}, ${durationOf(span.ms)}"><rect class="${span.error === undefined ? color : 'f'}" x="${Math.min(x, 99.7).toFixed(2)}%" y="20%" height="60%" width="${Math.min(width, 100).toFixed(2)}%"/></svg></td></tr>`;
}

function attributeList(span: StoredSpan): string {
  const attributes = Object.entries(span.attributes).map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(String(value))}</dd>`);
  const links = span.links.map((id) => `<dt>liên quan <span lang="en">link</span></dt><dd><a href="/traces/${escape(id)}"><code>${escape(id)}</code></a></dd>`);
  return `<dl><dt>loại <span lang="en">kind</span></dt><dd>${span.kind}</dd>${attributes.join('')}${links.join('')}</dl>`;
}

function fact(vi: string, en: string, html: string): string {
  return `<div><dt>${vi} <span lang="en">${en}</span></dt><dd>${html}</dd></div>`;
}

const TIME = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

function timeOf(ms: number): string {
  return `<time datetime="${new Date(ms).toISOString()}">${TIME.format(ms)}</time>`;
}

/** Vietnamese writes the decimal comma. */
function durationOf(ms: number): string {
  if (ms < 1_000) return `${ms.toFixed(ms < 10 ? 2 : 1).replace('.', ',')} ms`;
  return `${(ms / 1_000).toFixed(2).replace('.', ',')} s`;
}
