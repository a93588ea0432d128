import { escape, pageOf } from './traces-html.js';
import { listBody, traceBody } from './traces-views.js';
import { type TraceQuery, type TraceStore } from './trace-store.js';

export interface PageAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** How a list of traces is asked for: `?code=…&order=newest|errors|slowest&limit=1…1000`. */
export interface ListQuestion {
  readonly code: string;
  readonly order: 'newest' | 'errors' | 'slowest';
  readonly limit: number;
}

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const TRACE_PATH = /^\/traces\/([0-9a-f]{32})$/;

/**
 * Answers the addresses of the traces page: `/traces` (list), `/traces/<traceId>` (waterfall), and the same as JSON:
 * `/traces.json?…` and `/traces.json?trace=<traceId>`. Plain HTML: no script, no picture from elsewhere.
 */
export function tracesPage(store: TraceStore): (url: string) => PageAnswer {
  return (url) => {
    const { pathname, searchParams } = new URL(url, 'http://traces.invalid');
    if (pathname === '/traces.json') return json(store, searchParams);
    if (pathname === '/traces' || pathname === '/traces/') {
      const question = questionOf(searchParams);
      return html(200, 'Vết', listBody(question, store.search(queryOf(question))));
    }
    const trace = store.get(TRACE_PATH.exec(pathname)?.[1] ?? '');
    if (trace === undefined) return html(404, 'Không có vết này', NOT_FOUND);
    return html(200, trace.name, traceBody(trace));
  };
}

const NOT_FOUND = `<h1>Không có vết này <span lang="en">No such trace</span></h1>
<p>Chỉ một nghìn vết gần nhất được giữ, và chỉ tới lần khởi động lại. Lịch sử của hồ sơ thì còn mãi trong hành trình của nó.
<span lang="en">Only the last thousand traces are kept, until the next start. A dossier’s history stays in its journey.</span></p>
<p><a href="/traces">Về danh sách <span lang="en">Back to the list</span></a></p>`;

function json(store: TraceStore, params: URLSearchParams): PageAnswer {
  const wanted = params.get('trace');
  if (wanted === null) return { status: 200, type: JSON_TYPE, body: JSON.stringify({ items: store.search(queryOf(questionOf(params))) }) };
  const trace = store.get(wanted);
  return { status: trace === undefined ? 404 : 200, type: JSON_TYPE, body: JSON.stringify(trace ?? { status: 404, code: 'TRACE_NOT_KEPT' }) };
}

/** What cannot be read is taken as not asked. */
function questionOf(params: URLSearchParams): ListQuestion {
  const order = params.get('order');
  const limit = Number(params.get('limit') ?? 100);
  return {
    code: (params.get('code') ?? '').trim().slice(0, 100),
    order: order === 'errors' || order === 'slowest' ? order : 'newest',
    limit: Number.isInteger(limit) && limit >= 1 && limit <= 1_000 ? limit : 100,
  };
}

function queryOf({ code, order, limit }: ListQuestion): TraceQuery {
  return { ...(code === '' ? {} : { dossierCode: code }), errors: order === 'errors', slowest: order === 'slowest', limit };
}

function html(status: number, title: string, body: string): PageAnswer {
  return { status, type: HTML, body: pageOf(escape(title), body) };
}
