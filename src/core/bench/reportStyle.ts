/** The look of the HTML report: the app's colours, without its fonts, because the page carries everything it needs. */
export const reportStyle = `
:root { --ink:#191a17; --ink-2:#50524b; --ink-3:#676961; --surface:#fcfcfa; --raised:#fff; --sunken:#f5f5f1; --line:#e3e3dd; --accent:#2149c9; --accent-tint:#e8eefd;
  --ok:#0a6a4c; --ok-tint:#dff3ea; --warn:#955800; --warn-tint:#fbefd6; --bad:#961820; --bad-tint:#fce8e2; }
@media (prefers-color-scheme: dark) { :root { --ink:#eceef1; --ink-2:#aeb4bd; --ink-3:#8e959f; --surface:#14171b; --raised:#1b1f25; --sunken:#101316; --line:#262b32;
  --accent:#8faaff; --accent-tint:#1b2745; --ok:#5ccfa2; --ok-tint:#102a20; --warn:#edb658; --warn-tint:#2c2210; --bad:#ff9077; --bad-tint:#2b1713; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--ink-2); font: 13px/20px system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { margin: 0 0 20px; color: var(--ink); font-size: 28px; line-height: 34px; letter-spacing: -.012em; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 0 0 8px; color: var(--ink); font-size: 16px; line-height: 22px; font-weight: 600; }
h3 { margin: 12px 0 2px; color: var(--ink); font-size: 13px; font-weight: 600; overflow-wrap: anywhere; }
h3 small, .quiet { color: var(--ink-3); font-weight: 400; }
p { margin: 0 0 6px; overflow-wrap: anywhere; }
.kind { margin: 0 0 4px; color: var(--ink-3); font-size: 11.5px; }
section { margin: 0 0 28px; }
.verdict { padding: 16px 20px; border: 1px solid var(--line); border-left-width: 4px; border-radius: 8px; background: var(--raised); }
.verdict p:last-child { margin: 0; }
.verdict.fits { border-left-color: var(--ok); } .verdict.fits h2 { color: var(--ok); }
.verdict.fails { border-left-color: var(--bad); } .verdict.fails h2 { color: var(--bad); }
.verdict.not-enough-evidence { border-left-color: var(--warn); } .verdict.not-enough-evidence h2 { color: var(--warn); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
thead th { color: var(--ink-3); font-size: 11.5px; font-weight: 500; }
tbody th { color: var(--ink); font-weight: 500; }
td.literal { white-space: normal; overflow-wrap: anywhere; }
td.ruler { width: 120px; min-width: 100px; } td.ruler svg { display: block; width: 100%; height: 14px; margin-top: 3px; }
svg .scale { fill: var(--line); } svg .interval { fill: var(--accent); opacity: .35; } svg .rate { fill: var(--accent); } svg .bar { fill: var(--ink); }
td.heat { background: color-mix(in srgb, var(--accent) calc(var(--share, 0%) * .35), transparent); color: var(--ink); }
.tag { padding: 1px 6px; border-radius: 4px; font-size: 11.5px; }
.tag.fits { background: var(--ok-tint); color: var(--ok); } .tag.fails { background: var(--bad-tint); color: var(--bad); } .tag.not-enough-evidence { background: var(--warn-tint); color: var(--warn); }
ul { margin: 12px 0 0; padding-left: 18px; } li { margin: 0 0 6px; }
details { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; margin: 0 0 8px; background: var(--raised); }
summary { color: var(--ink); font-weight: 500; cursor: pointer; }
pre { margin: 4px 0 8px; padding: 8px 10px; border-radius: 6px; background: var(--sunken); color: var(--ink); font: 12px/18px ui-monospace, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 320px; overflow: auto; }
.said b { display: inline-block; min-width: 92px; color: var(--ink-3); font-size: 11.5px; font-weight: 500; } .said code { color: var(--ink); }
h4 { margin: 8px 0 2px; color: var(--ink-3); font-size: 11.5px; font-weight: 500; }
code { font: 12px/18px ui-monospace, Consolas, monospace; overflow-wrap: anywhere; } ol { margin: 4px 0 0; padding-left: 22px; }
article + article { margin-top: 16px; padding-top: 4px; border-top: 1px solid var(--line); } article > details { margin-top: 8px; }
tbody td:last-child { white-space: normal; overflow-wrap: anywhere; } .wide + .quiet { margin-top: 6px; } :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
@media print {
  :root { --ink:#191a17; --ink-2:#50524b; --ink-3:#676961; --surface:#fff; --raised:#fff; --sunken:#f5f5f1; --line:#e3e3dd; --accent:#2149c9; --accent-tint:#e8eefd;
    --ok:#0a6a4c; --ok-tint:#dff3ea; --warn:#955800; --warn-tint:#fbefd6; --bad:#961820; --bad-tint:#fce8e2; }
  main { max-width: none; padding: 0; } tr, article > h3 { break-inside: avoid; } h2, h3, h4, summary { break-after: avoid; }
  .wide { overflow: visible; } th, td { padding: 4px 6px; white-space: normal; } table { font-size: 10px; } pre { max-height: none; overflow: visible; }
}
`;
