// Filters of the failures: a failure is shown when each chosen value is its own.
const names = ["set", "category", "severity", "kind"];
const rows = [...document.querySelectorAll("#failures details")];
const selects = names.map((name) => document.getElementById("f-" + name));
const words = document.getElementById("f-words");
for (const [i, name] of names.entries())
  for (const value of [...new Set(rows.map((row) => row.dataset[name]))].sort()) selects[i].add(new Option(value, value));
function show() {
  const sought = words.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const fits = names.every((name, i) => !selects[i].value || row.dataset[name] === selects[i].value);
    row.hidden = !(fits && (!sought || row.textContent.toLowerCase().includes(sought)));
    shown += !row.hidden;
  }
  document.getElementById("f-count").textContent = shown + " of " + rows.length;
}
for (const control of [...selects, words]) control.addEventListener("input", show);
show();
// A link to a failure opens it.
function open_target() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
}
addEventListener("hashchange", open_target);
open_target();
