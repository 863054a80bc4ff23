// A phone in the hall: what was scanned is sent at once; without signal the typed code is kept here and sent later.
(() => {
  "use strict";
  const scanned = document.querySelector("form[data-go-on]");
  if (scanned) {
    scanned.requestSubmit();
    return;
  }
  const form = document.querySelector("form[data-check-in]");
  if (!form) return;
  const AGAIN = 5000;
  const DAY = 24 * 3600 * 1000;
  const name = form.dataset.key;
  const kept = form.querySelector("[data-kept]");
  const sent = form.querySelector("[data-sent]");
  let timer = 0;

  // Some browsers refuse to keep anything; then the page itself remembers as long as it is open.
  let memory = null;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(name)) || memory;
    } catch {
      return memory;
    }
  };
  const write = (value) => {
    memory = value;
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch {
      // The page remembers.
    }
  };

  function keep(code) {
    write({ code, at: Date.now() });
    kept.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(send, AGAIN);
  }

  function tell(words) {
    kept.hidden = true;
    sent.hidden = false;
    sent.querySelector("p").textContent = words;
  }

  async function send() {
    clearTimeout(timer);
    const found = read();
    if (!found) return;
    if (Date.now() - found.at > DAY) {
      write(null);
      return;
    }
    kept.hidden = false;
    const data = new FormData(form);
    data.set("code", found.code);
    data.set("noted_at", String(found.at));
    try {
      const answer = await fetch(form.dataset.laterUrl, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.status >= 500) throw new Error(String(answer.status));
      const said = await answer.json();
      write(null);
      if (said.state === "in") location.reload();
      else tell(said.words);
    } catch {
      timer = setTimeout(send, AGAIN); // still no signal
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = form.elements.code.value.replace(/\s/g, "");
    if (!/^\d{6}$/.test(code)) {
      form.submit(); // the server says what is wrong with it
      return;
    }
    try {
      if (navigator.onLine === false) throw new Error("no signal");
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".check-in");
      if (!fresh) {
        location.reload(); // signed out, or a page that says something else
        return;
      }
      if (answer.ok) location.replace(answer.url);
      else {
        const old = document.querySelector(".check-in .error-summary");
        const words = fresh.querySelector(".error-summary");
        if (old) old.remove();
        if (!words) location.reload();
        else {
          form.before(words);
          words.focus();
        }
      }
    } catch {
      keep(code);
    }
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  send();
})();
