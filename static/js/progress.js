// Renews the progress of a long job from its own page until the job is done; without script the page reloads itself.
(() => {
  "use strict";
  const EVERY_MS = 2000;

  async function renew() {
    const shown = document.getElementById("job-progress");
    if (!shown) return;
    try {
      const answer = await fetch(shown.dataset.poll, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("job-progress");
      if (!answer.ok || !fresh) {
        location.reload();
        return;
      }
      shown.querySelector("p").textContent = fresh.querySelector("p").textContent;
      const bar = shown.querySelector("progress");
      const next = fresh.querySelector("progress");
      if (next.hasAttribute("value")) {
        bar.max = next.max;
        bar.value = next.value;
      }
    } catch {
      // The network is away for a moment; the next round asks again.
    }
    setTimeout(renew, EVERY_MS);
  }
  setTimeout(renew, EVERY_MS);
})();
