/** Text as it may stand in HTML, also between quotes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The frame of every page; `title` and `body` are HTML already. */
export function pageOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Quận Số</title><style>${STYLE}</style></head><body>
<header><a href="/">Quận Số</a><a href="/traces">Vết <span lang="en">Traces</span></a></header>
<main>${body}</main></body></html>`;
}

// Contrast of every pair of text and ground is at least 4.5:1 (WCAG 2.2 AA). Bars are also told apart by the service's name.
const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:.9375rem/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b1f24;background:#f6f7f9}
header{background:#8f1313;padding:.75rem max(1rem,calc((100vw - 80rem)/2));display:flex;gap:1.5rem;align-items:baseline}
header a{color:#fff;text-decoration:none;font-size:1.0625rem}header a:first-child{font-weight:700}header a:hover{text-decoration:underline}
main{max-width:82rem;margin:0 auto;padding:1rem}
h1{font-size:1.375rem;margin:.25rem 0 .75rem;overflow-wrap:anywhere}
span[lang=en]{color:#5a6270;font-size:.85em;font-weight:400}header span[lang=en]{color:#ffdcdc}
a{color:#0b4f9e}a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible{outline:3px solid #b45309;outline-offset:2px}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:0 0 1rem}form div{max-width:100%}
label{display:block;font-weight:600}input{font:inherit;padding:.4rem .6rem;border:1px solid #6b7280;border-radius:.25rem;width:22rem;max-width:100%}
button{font:inherit;padding:.42rem 1rem;border:1px solid #8f1313;border-radius:.25rem;background:#8f1313;color:#fff;cursor:pointer}
nav{display:flex;flex-wrap:wrap;gap:.25rem;margin:0 0 .75rem}
nav a{padding:.25rem .75rem;border:1px solid #c3c9d1;border-radius:1rem;background:#fff;text-decoration:none;color:#1b1f24}
nav a[aria-current]{background:#1b1f24;color:#fff;border-color:#1b1f24}nav a[aria-current] span[lang=en]{color:#d5d9df}
.scroll{overflow-x:auto;background:#fff;border:1px solid #d5d9df;border-radius:.5rem}
table{border-collapse:collapse;width:100%}th,td{padding:.4rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid #e6e9ed}
thead th{background:#eef0f3;font-weight:600;white-space:nowrap}tbody tr:last-child>*{border-bottom:0}tbody tr:hover>*{background:#fafbfc}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}time,.t{white-space:nowrap;font-variant-numeric:tabular-nums}
code{font-size:.92em;overflow-wrap:anywhere}td>a>code{white-space:nowrap}table:not(.w) td:nth-child(2){min-width:14rem;overflow-wrap:anywhere}
.bad,.no{display:inline-block;border-radius:.25rem;padding:0 .4rem;font-size:.85em;white-space:nowrap}
.bad{background:#b3261e;color:#fff}.no{background:#ffe9b8;color:#5c3a00}
.s{display:inline-block;padding:0 .4rem;border-left:.35rem solid;background:#f1f3f5;border-radius:.2rem;white-space:nowrap;font-size:.9em}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 2rem;margin:0 0 1rem;padding:0}.facts div{display:flex;gap:.5rem}.facts dt{color:#414852}.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.w{table-layout:fixed;min-width:62rem}.w th:nth-child(1){width:34%}.w th:nth-child(2){width:11%}.w th:nth-child(3){width:7.5rem}.w th:nth-child(4){width:9.5rem}
@media(max-width:40rem){time{white-space:normal}.w{min-width:0}.w th:nth-child(1){width:auto}.w th:nth-child(4){width:5.75rem}.w th:nth-child(5){width:20%}.w th{white-space:normal}.w :is(th,td):is(:nth-child(2),:nth-child(3)){display:none}}
.w td{padding:.25rem .5rem}.w td:first-child{overflow-wrap:anywhere}svg{display:block;width:100%;height:1.25rem;background:#f4f5f7}
summary{cursor:pointer}details dl{margin:.25rem 0 .5rem 1rem;display:grid;grid-template-columns:max-content 1fr;gap:0 .75rem;font-size:.9em}
details dt{color:#414852}details dd{margin:0;overflow-wrap:anywhere}
.empty{background:#fff;border:1px dashed #9aa3ae;border-radius:.5rem;padding:2rem;text-align:center}
${Array.from({ length: 13 }, (_, depth) => `.d${depth}{padding-left:${0.5 + depth * 1.1}rem!important}`).join('')}
.c0{color:#0b6e99}.c1{color:#8f5a00}.c2{color:#3d7a37}.c3{color:#7a3e9d}.c4{color:#a8324a}.c5{color:#44546a}
.c0,.c1,.c2,.c3,.c4,.c5{fill:currentColor}.s b{color:#1b1f24;font-weight:400}.f{fill:#b3261e}`;
