// Forms of recruitment: a field to find somebody in a long list, the sum of a vote while one types, rows that wait.

const MANY = 12;

for (const select of document.querySelectorAll("select[data-findable]")) {
  if (select.options.length <= MANY) continue;
  const all = Array.from(select.options);
  const search = document.createElement("input");
  search.type = "search";
  search.autocomplete = "off";
  search.setAttribute("aria-controls", select.id);
  search.placeholder = select.dataset.findable;
  search.setAttribute("aria-label", `${select.labels[0]?.firstChild.textContent ?? ""}: ${select.dataset.findable}`);
  search.dataset.draftSkip = "";
  search.className = "find-person";
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    const chosen = select.value;
    select.replaceChildren(...all.filter((option) => !option.value || option.value === chosen || option.text.toLowerCase().includes(words)));
    select.value = chosen;
  });
  select.before(search);
}

for (const line of document.querySelectorAll("[data-count]")) {
  const form = line.closest("form");
  const read = (name) => Number.parseInt(form.elements.namedItem(name)?.value, 10);
  const fill = (words, numbers) => words.replace(/\{(\w+)\}/g, (_hole, name) => numbers[name]);
  const reckon = () => {
    const [due, present, yes] = ["due", "present", "yes"].map(read);
    const least = Math.floor(due / 2) + 1;
    const numbers = { due, present, yes, base: due, min_present: least, min_yes: least };
    const said = [];
    if (due >= 0 && present >= 0) said.push(`${present >= least ? "✓" : "✗"} ${fill(line.dataset.opens, numbers)}`);
    if (due >= 0 && yes >= 0) said.push(`${yes >= least ? "✓" : "✗"} ${fill(line.dataset.passes, numbers)}`);
    line.textContent = said.join("\n");
    line.hidden = !said.length;
  };
  form.addEventListener("input", reckon);
  form.addEventListener("draft:filled", reckon);
  reckon();
}

const waiting = Array.from(document.querySelectorAll("[data-folded]"));
for (const row of waiting) row.hidden = !Array.from(row.querySelectorAll("input")).some((field) => field.value);
document.addEventListener("input", (event) => {
  const row = event.target.closest?.(".record-letter");
  const next = row?.nextElementSibling;
  if (next?.hidden && next.matches("[data-folded]")) next.hidden = false;
});

for (const box of document.querySelectorAll("[data-all]")) {
  box.closest("[data-everybody]").hidden = false;
  box.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${box.dataset.all}"]:not(:disabled)`)) one.checked = box.checked;
  });
}
