// Keeps the count of votes current while a ballot is open; when its state changes the page is drawn anew.
(() => {
  "use strict";
  const EVERY_SECONDS = 3;
  // What stands in a part of the page that renews itself needs nothing from here.
  const boxes = [...document.querySelectorAll("[data-votes]")].filter((box) => !box.closest("[data-live]"));

  async function renew(box) {
    const answer = await fetch(box.dataset.votes, { headers: { Accept: "application/json", "X-Background": "1" } });
    if (!answer.ok) return;
    const now = await answer.json();
    for (const name of ["voted", "present", "left", "due", "needed"]) {
      for (const shown of box.querySelectorAll(`[data-${name}]`)) {
        if (name in now && shown.textContent !== String(now[name])) shown.textContent = now[name];
      }
    }
    // Enough have come, or no longer: the button to open appears or goes.
    const turned = "ready" in now && box.dataset.ready !== undefined && box.dataset.ready !== String(now.ready);
    if (now.state !== box.dataset.state || turned) location.reload();
  }

  function keep(box) {
    const round = async () => {
      if (!document.hidden) {
        try {
          await renew(box);
        } catch {
          // The network is away for a moment; the next round asks again.
        }
      }
      setTimeout(round, pause);
    };
    const pause = 1000 * (Number(box.dataset.every) || EVERY_SECONDS);
    setTimeout(round, pause);
  }
  boxes.filter((box) => ["planned", "open"].includes(box.dataset.state)).forEach(keep);
})();
