// Warns before the session ends through inactivity, and lets people stay. Other tabs count: the server is asked first.
(() => {
  "use strict";
  const box = document.getElementById("session-end");
  if (!box || !box.showModal) return;
  const form = box.querySelector("form");
  const parts = Object.fromEntries(Array.from(box.querySelectorAll("[data-part]"), (part) => [part.dataset.part, part]));
  const WARN_BEFORE = Number(box.dataset.warnSeconds) * 1000;
  const PAUSE = 3000;
  let timer = 0;
  let endsAt = 0;
  let typedAt = 0;

  function show(name) {
    for (const [key, part] of Object.entries(parts)) part.hidden = key !== name;
    box.setAttribute("aria-labelledby", parts[name].querySelector("h2").id);
    if (box.open) parts[name].querySelector("a, button").focus();
    const words = parts[name].querySelector("[data-words]");
    if (words) {
      const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      words.textContent = words.dataset.words.replace("{time}", clock.format(endsAt));
    }
    // Not into the middle of a word: the dialog takes the keyboard.
    const open = () => {
      if (Date.now() - typedAt < PAUSE) setTimeout(open, PAUSE);
      else if (!box.open && !parts[name].hidden) box.showModal();
    };
    open();
  }

  // Timers sleep with the machine; a look at the clock every few seconds does not.
  function wait(until, act) {
    clearInterval(timer);
    timer = setInterval(() => {
      if (Date.now() < until) return;
      clearInterval(timer);
      act();
    }, 2000);
  }

  async function ask(method) {
    const options = { method, redirect: "manual", headers: { Accept: "application/json" } };
    if (method === "POST") options.body = new FormData(form);
    else options.headers["X-Background"] = "1";
    let answer;
    try {
      answer = await fetch(form.action, options);
    } catch {
      return wait(Date.now() + 30000, look); // the network is away
    }
    if (answer.ok) return take(await answer.json());
    if (answer.type === "opaqueredirect" || answer.status === 403) return show("ended");
    return wait(Date.now() + 30000, look);
  }

  function take({ seconds, may_stay: mayStay }) {
    endsAt = Date.now() + seconds * 1000;
    if (endsAt - Date.now() > WARN_BEFORE) {
      if (box.open) box.close();
      wait(endsAt - WARN_BEFORE, look);
    } else {
      show(mayStay ? "idle" : "last");
      wait(endsAt + 1000, look);
    }
  }

  const look = () => ask("GET");
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("POST");
  });
  for (const close of box.querySelectorAll("[data-session-close]")) close.addEventListener("click", () => box.close());
  document.addEventListener("keydown", () => { typedAt = Date.now(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  take({ seconds: Number(box.dataset.seconds), may_stay: true });
})();
