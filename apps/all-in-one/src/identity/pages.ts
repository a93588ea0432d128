import { type ServerResponse } from 'node:http';
import { type Text } from '@quan-so/contract';
import { escape } from '../escape.js';

/** Words on a page, Vietnamese first. */
type Words = readonly [vi: string, en: string];

export interface LoginPage {
  readonly action: string;
  readonly csrf: string;
  readonly username: string;
  readonly client: Text;
  readonly refused: 'password' | 'waits' | undefined;
}

const REFUSALS: Record<'password' | 'waits', Words> = {
  password: ['Sai tài khoản hoặc mật khẩu.', 'Wrong account or password.'],
  waits: ['Thử sai quá nhiều lần; đợi ít phút rồi thử lại.', 'Too many wrong tries; wait some minutes, then try again.'],
};

/** The login page: plain HTML, no script; the field in question has the focus and names the fault. */
export function loginPage({ action, csrf, username, client, refused }: LoginPage): string {
  const said = refused === undefined ? '' : `<p id="fault" class="fault" role="alert">${both(REFUSALS[refused])}</p>`;
  const faulty = refused === undefined ? '' : ' aria-invalid="true" aria-describedby="fault"';
  const focus = (here: boolean): string => (here ? ' autofocus' : '');
  return page(
    ['Đăng nhập', 'Log in'],
    `<p>${both([`Tiếp tục tới ${client.vi}.`, `Continue to ${client.en}.`])}</p>${said}
<form method="post" action="${escape(action)}">
<input type="hidden" name="csrf" value="${escape(csrf)}">
<p><label for="username">${both(['Tài khoản', 'Account'])}</label>
<input id="username" name="username" value="${escape(username)}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100"${focus(username === '')}${faulty}></p>
<p><label for="password">${both(['Mật khẩu', 'Password'])}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"${focus(username !== '')}${faulty}></p>
<p><button>${both(['Đăng nhập', 'Log in'])}</button></p></form>
<p class="hint">${both(['Tài khoản mẫu và mật khẩu được in khi khởi động, và nằm ở tệp accounts.txt trong thư mục dữ liệu.', 'Demo accounts and passwords are printed at start and stand in accounts.txt in the data folder.'])}</p>`,
  );
}

/** Asks before logging out; `form` is the provider's own with its secret. */
export function logoutPage(form: string): string {
  return page(['Đăng xuất', 'Log out'], `<p>${both(['Kết thúc phiên làm việc trên máy này?', 'End the session on this machine?'])}</p>${form}
<p><button form="op.logoutForm" name="logout" value="yes" autofocus>${both(['Đăng xuất', 'Log out'])}</button> <a href="/">${both(['Ở lại', 'Stay'])}</a></p>`);
}

export function loggedOutPage(): string {
  return page(['Đã đăng xuất', 'Logged out'], `<p><a href="/">${both(['Về trang đầu', 'To the start page'])}</a></p>`);
}

/** A page for what went wrong; `code` is OAuth's word for it. */
export function faultPage(code: string): string {
  return page(
    ['Không đăng nhập được', 'The login did not work'],
    `<p>${both(['Yêu cầu đăng nhập sai hoặc đã hết hạn. Quay lại ứng dụng và đăng nhập lại.', 'The login request is wrong or too old. Go back to the application and log in again.'])}</p>
<p><code>${escape(code)}</code></p><p><a href="/">${both(['Về trang đầu', 'To the start page'])}</a></p>`,
  );
}

/** Sends a page that runs nothing, is shown in no frame and is kept by nobody. */
export function send(res: ServerResponse, status: number, html: string): void {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...PAGE_HEADERS }).end(html);
}

export const PAGE_HEADERS = {
  // A form's answer may lead back to the application: browsers check that address too.
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  // Not `no-referrer`: under it browsers send the form with `Origin: null`, and the form is refused.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

function page(title: Words, body: string): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title[0]} · Quận Số</title><style>${STYLE}</style></head>
<body><main><h1>${both(title)}</h1>${body}</main></body></html>`;
}

function both([vi, en]: Words): string {
  return `${escape(vi)} <span lang="en">${escape(en)}</span>`;
}

// Contrast of every pair is at least 4.5:1 (WCAG 2.2 AA).
const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:1rem/1.6 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b1f24;background:#f6f7f9}
main{max-width:26rem;margin:8vh auto 2rem;padding:1.5rem;background:#fff;border:1px solid #d5d9df;border-radius:.5rem}
h1{margin:0 0 .5rem;font-size:1.5rem}span[lang=en]{color:#5a6270;font-size:.875rem;font-weight:400}
label{display:block}input{width:100%;font:inherit;padding:.5rem;border:1px solid #5a6270;border-radius:.25rem}
button{font:inherit;padding:.5rem 1rem;border:0;border-radius:.25rem;background:#8f1313;color:#fff;cursor:pointer}
button span[lang=en]{color:#ffdcdc}a{color:#0b4f9e}.hint{color:#414852;font-size:.875rem}
.fault{color:#8f1313;border-left:4px solid #8f1313;padding-left:.75rem}[aria-invalid]{border:2px solid #8f1313}
:focus-visible{outline:3px solid #b45309;outline-offset:2px}`;
