// Keeps the count of votes current while a ballot is open; when its state changes the page is drawn anew.
(() => {
  "use strict";
  const EVERY_MS = 3000;
  const boxes = [...document.querySelectorAll("[data-votes]")];

  async function renew(box) {
    const answer = await fetch(box.dataset.votes, { headers: { Accept: "application/json", "X-Background": "1" } });
    if (!answer.ok) return;
    const now = await answer.json();
    for (const name of ["voted", "present", "left"]) {
      for (const shown of box.querySelectorAll(`[data-${name}]`)) {
        if (shown.textContent !== String(now[name])) shown.textContent = now[name];
      }
    }
    if (now.state !== box.dataset.state) location.reload();
  }

  async function round() {
    for (const box of boxes) {
      if (!["planned", "open"].includes(box.dataset.state) || document.hidden) continue;
      try {
        await renew(box);
      } catch {
        // The network is away for a moment; the next round asks again.
      }
    }
    setTimeout(round, EVERY_MS);
  }
  if (boxes.length) setTimeout(round, EVERY_MS);
})();
