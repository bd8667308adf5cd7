/** The one style sheet, written into every page: a page taken out of its ZIP alone still looks like itself. Nothing is loaded. */
export const style = `
:root{--ink:#1b2430;--soft:#566270;--line:#d5dbe1;--faint:#f4f6f8;--accent:#1d4d6b;--bad:#8c1d18;--unknown:#7a5200;--good:#23604f;--none:#566270}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;color:var(--ink);background:#fff;font:15px/1.55 "Source Sans 3","Source Sans Pro","Segoe UI",-apple-system,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
.bar{border-bottom:1px solid var(--line);padding:.6rem 2rem;display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;justify-content:space-between;color:var(--soft);font-size:.82rem}
.bar strong{color:var(--accent);font-weight:600}
.demonstration{background:#fff;border-bottom:1px solid var(--line);color:var(--bad);letter-spacing:.22em;text-align:center;font-size:.75rem;font-weight:600;padding:.25rem}
main{max-width:78rem;margin:0 auto;padding:2.2rem 2rem 4rem}
.kicker{color:var(--accent);text-transform:uppercase;letter-spacing:.1em;font-size:.75rem;font-weight:600;margin:0 0 .3rem}
h1{font-size:1.9rem;line-height:1.2;font-weight:600;margin:0 0 .6rem;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.22rem;font-weight:600;margin:2.6rem 0 .8rem;padding-top:.55rem;border-top:2px solid var(--accent);color:var(--accent)}
h3{font-size:1.02rem;font-weight:600;margin:1.7rem 0 .5rem;overflow-wrap:anywhere}
p{margin:0 0 .8rem;max-width:48rem}
.lead{font-size:1.12rem;color:var(--ink)}
.muted,.m{color:var(--soft)}
.m{font-size:.9em}
a{color:var(--accent);text-underline-offset:2px}
code,pre{font-family:"Source Code Pro",ui-monospace,SFMono-Regular,Consolas,Menlo,monospace;font-size:.86em;overflow-wrap:anywhere}
pre{background:var(--faint);border:1px solid var(--line);border-radius:3px;padding:.6rem .8rem;margin:.2rem 0 .9rem;white-space:pre-wrap}
ul{margin:0 0 1rem;padding-left:1.2rem;max-width:48rem}li{margin:.2rem 0}
dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;margin:0 0 1.2rem;border-top:1px solid var(--line)}
dt,dd{padding:.4rem 0;border-bottom:1px solid var(--line);margin:0}
dt{color:var(--soft);padding-right:1rem}
dd{overflow-wrap:anywhere;max-width:56rem}
.scroll{overflow-x:auto;margin:0 0 1.2rem}
table{border-collapse:collapse;table-layout:fixed;width:100%;font-size:.89rem}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding:0 0 .35rem}
th{text-align:left;font-weight:600;color:var(--accent);border-bottom:1.5px solid var(--accent);padding:.4rem .9rem .4rem 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:.45rem .9rem .45rem 0;vertical-align:top;overflow-wrap:break-word;hyphens:manual}
th.r,td.r{text-align:right}
tbody tr:hover td{background:var(--faint)}
.notice{border-left:3px solid var(--accent);background:var(--faint);padding:.8rem 1.1rem;margin:1rem 0 1.3rem;max-width:56rem}
.notice.attention{border-left-color:var(--unknown)}
.notice>strong{display:block;margin-bottom:.2rem}
.notice p:last-child{margin-bottom:0}
.figures{display:flex;flex-wrap:wrap;gap:1.2rem 2.6rem;margin:1.2rem 0 1.6rem;padding:0}
.figures div{min-width:8rem}
.figures .v{font-size:1.7rem;line-height:1.15;font-weight:600}.figures .v.plain{color:var(--accent)}
.figures .l{color:var(--soft);font-size:.87rem}
.state{font-weight:600}
.state svg{width:.75em;height:.75em;margin-right:.4em;vertical-align:-.02em}
.failures-observed{color:var(--bad)}.no-evidence{color:var(--unknown)}.no-failures-observed{color:var(--good)}.did-not-operate{color:var(--none)}
h1 .state{font-size:1rem;margin-left:.2rem}
.headline{margin:0 0 1.1rem;font-size:1.02rem}
.timeline{margin:0 0 1.4rem}
.timeline .row{margin:0 0 .5rem;break-inside:avoid}
.timeline .name{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;font-size:.84rem;line-height:1.35}
.timeline .name span:first-child{overflow-wrap:anywhere}
.timeline .control .name{font-weight:600}
.timeline .check{margin-top:1rem}.timeline .check .name{color:var(--accent);font-weight:600}
.timeline svg{display:block;width:100%;overflow:visible}
.timeline .edges{display:flex;justify-content:space-between;color:var(--soft);font-size:.78rem}
.legend{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:.25rem 1.2rem;list-style:none;padding:.7rem 0 0;margin:.7rem 0 0;border-top:1px solid var(--line);max-width:none;font-size:.82rem;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:.55rem;margin:0}.legend svg{width:44px;flex:none;display:block}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem 2rem;margin:1rem 0 1.5rem;max-width:56rem}
.fields div{border-bottom:1px solid var(--ink);min-height:2.4rem;color:var(--soft);font-size:.82rem}
.fields .tall{grid-column:1/-1;min-height:6.5rem}
.search{display:block;margin:0 0 .8rem}
.search input{font:inherit;width:min(28rem,100%);padding:.45rem .7rem;border:1px solid #8a96a3;border-radius:3px}
.search input:focus{outline:2px solid var(--accent);outline-offset:1px}
.card{border-top:1px solid var(--line);padding-top:.2rem;break-inside:avoid}
footer{max-width:78rem;margin:0 auto;padding:1rem 2rem 3rem;color:var(--soft);font-size:.82rem;display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;justify-content:space-between}
@media(max-width:640px){main,footer,.bar{padding-left:1rem;padding-right:1rem}h1{font-size:1.5rem}dl{grid-template-columns:1fr}dt{border-bottom:0;padding-bottom:0}dd{padding-top:0}.fields{grid-template-columns:1fr}.legend{grid-template-columns:1fr}table{min-width:42rem}}
@media print{@page{size:A4;margin:16mm 15mm 18mm}body{font-size:9.5pt}main,footer,.bar{padding-left:0;padding-right:0;max-width:none}.search,.skip{display:none}h2,h3{break-after:avoid}tr,.notice{break-inside:avoid}thead{display:table-header-group}a{color:inherit;text-decoration:none}.scroll{overflow:visible}tbody tr:hover td{background:none}.watermark{display:block}}
.watermark{display:none;position:fixed;top:45%;left:0;right:0;text-align:center;transform:rotate(-32deg);font-size:74pt;font-weight:700;letter-spacing:.12em;color:rgba(140,29,24,.09)}
`;

/** Filters the rows of a table by what is typed; without it every row is there. */
export const searchScript = `
for(const field of document.querySelectorAll('[data-search]')){const table=document.getElementById(field.dataset.search);const count=document.querySelector('[data-count="'+field.dataset.search+'"]');
field.parentElement.hidden=false;
field.addEventListener('input',()=>{const words=field.value.toLowerCase().split(/\\s+/).filter(Boolean);let shown=0;
for(const row of table.tBodies){for(const line of row.rows){const text=line.textContent.toLowerCase();const hit=words.every((word)=>text.includes(word));line.hidden=!hit;if(hit)shown+=1}}
count.textContent=words.length?shown+' shown':''})}
`;
