import { type Text } from '@quan-so/contract';
import { ALERTS, OBJECTIVES, type Alert } from '@quan-so/observability';
import { both, escapeHtml, page } from './problem-pages.js';

const SEVERITIES: Readonly<Record<Alert['severity'], Text>> = {
  page: { vi: 'Gọi người ngay', en: 'Fetch somebody now' },
  ticket: { vi: 'Xem trong ngày làm việc', en: 'Look within the working day' },
};

/** The index of alarms: what the platform promises, then every alarm by how urgent it is. */
export function runbooksIndexPage(): string {
  const promises = OBJECTIVES.map(({ promise }) => `<li>${both(promise)}</li>`).join('');
  return page(
    'Báo động',
    `<h1>Báo động và cách xử lý <span lang="en">Alarms and what to do</span></h1>
<section aria-labelledby="p"><h2 id="p">Lời hứa <span lang="en">What is promised</span></h2><ul>${promises}</ul></section>
${(['page', 'ticket'] as const).map(section).join('')}`,
  );
}

function section(severity: Alert['severity']): string {
  const rows = ALERTS.filter((alert) => alert.severity === severity).map(({ name, title }) => `<tr><th scope="row"><a href="/runbooks/${name}">${name}</a></th><td>${both(title)}</td></tr>`);
  return `<section aria-labelledby="${severity}"><h2 id="${severity}">${both(SEVERITIES[severity])}</h2>
<table><thead><tr><th scope="col">Báo động <span lang="en">Alarm</span></th><th scope="col">Điều đã xảy ra <span lang="en">What happened</span></th></tr></thead>
<tbody>${rows.join('')}</tbody></table></section>`;
}

/** The page of one alarm; undefined when there is none of that name. */
export function runbookPage(name: string): string | undefined {
  const alert = ALERTS.find((one) => one.name === name);
  if (alert === undefined) return undefined;
  const { title, severity, means, notice, look, act, over, expr, for: lasting } = alert;
  const part = (vi: string, en: string, body: string): string => `<section><h2>${both({ vi, en })}</h2>${body}</section>`;
  const steps = (texts: readonly Text[]): string => `<ol>${texts.map((text) => `<li>${linked(text)}</li>`).join('')}</ol>`;
  return page(
    name,
    `<p><a href="/runbooks">Mọi báo động <span lang="en">All alarms</span></a></p>
<h1>${both(title)}</h1>
<p><code>${name}</code> · <strong>${both(SEVERITIES[severity])}</strong></p>
${part('Nghĩa là gì', 'What it means', `<p>${both(means)}</p>`)}
${part('Người dùng thấy gì', 'What people notice', `<p>${both(notice)}</p>`)}
${part('Xem ở đâu', 'Where to look', steps(look))}
${part('Làm gì', 'What to do', steps(act))}
${part('Khi nào xong', 'When it is over', `<p>${both(over)}</p>`)}
${part('Quy tắc', 'The rule', `<p><code>${escapeHtml(expr)}</code> · ${escapeHtml(lasting)}</p>`)}`,
  );
}

/** The page for a name that no alarm of this version has. */
export function unknownRunbookPage(): string {
  return page('Không có báo động này', `<h1>Không có báo động này <span lang="en">No such alarm</span></h1>
<p><a href="/runbooks">Mọi báo động <span lang="en">All alarms</span></a></p>`);
}

/** Names of other alarms lead to their pages. */
function linked(text: Text): string {
  return both(text).replace(/QuanSo[A-Z][A-Za-z]+/g, (name) => `<a href="/runbooks/${name}">${name}</a>`);
}
