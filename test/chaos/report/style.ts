/** Of the page; follows the reader’s choice of light or dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --dim: #667085; --line: #dde2ea; --paper: #fff;
  --good: #17753b; --bad: #b42318; --warn: #93560a; --fault: #d92d20; --blue: #1f6feb; --grey: #98a2b3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --dim: #98a2b3; --line: #2c3442; --paper: #12161d;
  --good: #4ac26b; --bad: #ff7b72; --warn: #e3a64a; --fault: #ff6a5e; --blue: #6cb0ff; --grey: #7c8798; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { margin: 0 0 8px; font-size: 26px; } h2 { margin: 32px 0 8px; font-size: 18px; }
h1.kept { color: var(--good); } h1.found { color: var(--bad); } h1.nothing { color: var(--warn); }
p { margin: 6px 0; max-width: 90ch; } code { font: 13px ui-monospace, monospace; }
dl { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 20px 0; }
dt { color: var(--dim); font-size: 13px; } dd { margin: 0; font-size: 20px; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; color: var(--dim); font-weight: 500; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
ul { padding-left: 20px; } li { overflow-wrap: anywhere; font-size: 14px; }
svg { width: 100%; height: auto; margin: 8px 0; }
svg text { font: 11px system-ui, sans-serif; fill: var(--dim); } svg text.title { font-size: 12px; fill: var(--ink); }
svg text.name { fill: var(--fault); }
.band { fill: var(--fault); opacity: .07; } .fault { fill: var(--fault); } .grid { stroke: var(--line); }
polyline { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
.slowest { stroke: var(--grey); } .middle { stroke: var(--blue); stroke-width: 2; } .waiting { stroke: var(--fault); }
.shown { stroke: var(--grey); } .sent { stroke: var(--blue); stroke-width: 2; }
`;
