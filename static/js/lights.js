// Lets lights change while the page is open: asks for a short version, and reads the page again when it is another.
(() => {
  "use strict";
  const { pulse } = document.currentScript.dataset;
  const ASK_EVERY = 5000;
  const HEADERS = { "X-Background": "1" };
  let version = null;
  let timer = 0;

  async function draw() {
    const answer = await fetch(location.href, { headers: { ...HEADERS, Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = [];
    for (const light of document.querySelectorAll("[data-light]")) {
      const fresh = page.querySelector(`[data-light="${CSS.escape(light.dataset.light)}"]`);
      if (!fresh || fresh.outerHTML === light.outerHTML) continue;
      const node = document.importNode(fresh, true);
      const isFocused = light === document.activeElement;
      light.replaceWith(node);
      node.classList.add("light-changed");
      if (isFocused) node.focus();
      said.push(node.title);
    }
    for (const name of [".stats", ".lights-still"]) {
      const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
      if (!old || old.contains(document.activeElement)) continue;
      if (fresh) old.replaceWith(document.importNode(fresh, true));
      else old.remove();
    }
    const region = document.querySelector("[data-lights-said]");
    if (region && said.length) region.textContent = said.slice(0, 3).join("; ");
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(pulse, { headers: { ...HEADERS, Accept: "application/json" }, redirect: "error" });
      if (answer.ok) {
        const found = (await answer.json()).version;
        if (version !== null && found !== version) await draw();
        version = found;
      } else if (answer.status < 500) return; // signed out: the next page will say so
    } catch {
      // The network is away; ask again later.
    }
    timer = setTimeout(ask, ASK_EVERY);
  }

  document.addEventListener("visibilitychange", ask);
  ask();
})();
