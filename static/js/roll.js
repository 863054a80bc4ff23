// The chair's list: one box ticks everybody on the page.
for (const box of document.querySelectorAll("[data-tick-all]")) {
  box.closest("[data-tick-all-box]").hidden = false;
  const rows = () => Array.from(document.querySelectorAll(`input[name="${box.dataset.tickAll}"]:not(:disabled)`));
  box.addEventListener("change", () => { for (const one of rows()) one.checked = box.checked; });
  document.addEventListener("change", (event) => {
    if (event.target.name === box.dataset.tickAll) box.checked = rows().every((one) => one.checked);
  });
}
