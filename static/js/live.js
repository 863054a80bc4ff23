// Keeps the badge of the inbox current and shows what comes, by server-sent events or, where they fail, by asking.
(() => {
  "use strict";
  const { stream, unread } = document.currentScript.dataset;
  const link = document.getElementById("inbox-link");
  if (!link || !unread) return;
  const ASK_EVERY = 15000;
  const SHOW_FOR = 20000; // at the least: as long as somebody is at it or away, it stays
  let source = null;
  let timer = 0;
  let failures = 0;
  let polling = !stream || !("EventSource" in window);
  let latest = null;

  function draw(state) {
    link.dataset.unread = state.unread;
    const badge = link.querySelector("[data-unread-badge]");
    const count = link.querySelector("[data-unread-count]");
    if (count) count.textContent = state.shown;
    if (badge) badge.hidden = state.unread === 0;
    link.title = state.label;
  }

  function region() {
    let box = document.getElementById("live-toasts");
    if (!box) {
      // Politely: a reader hears it when the present sentence is over.
      box = document.createElement("div");
      box.id = "live-toasts";
      box.className = "toasts";
      box.setAttribute("role", "status");
      box.setAttribute("aria-live", "polite");
      document.body.append(box);
    }
    return box;
  }

  function show(notice) {
    const toast = document.createElement("div");
    toast.className = "toast toast-info";
    const words = document.createElement("p");
    words.className = "toast-words";
    const heading = document.createElement("strong");
    heading.textContent = notice.heading;
    const target = document.createElement("a");
    target.href = notice.url;
    target.textContent = notice.title;
    words.append(heading, " ", target);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.setAttribute("aria-label", notice.close);
    close.textContent = "×";
    close.addEventListener("click", () => toast.remove());
    toast.append(words, close);
    region().append(toast);
    const leave = () => {
      if (document.hidden || toast.matches(":hover, :focus-within")) setTimeout(leave, SHOW_FOR / 4);
      else toast.remove();
    };
    setTimeout(leave, SHOW_FOR);
  }

  function take(state) {
    draw(state);
    const isNews = state.notice && (latest === null || state.latest > latest);
    if (latest === null || state.latest > latest) latest = state.latest;
    if (isNews) {
      show(state.notice);
      document.dispatchEvent(new CustomEvent("portal:notice", { detail: state }));
    }
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const address = latest === null ? unread : `${unread}?after=${latest}`;
      const answer = await fetch(address, { headers: { "X-Background": "1", Accept: "application/json" }, redirect: "error" });
      if (answer.ok) take(await answer.json());
      else if (answer.status < 500) return; // signed out: the next page will say so
    } catch {
      // The network is away; ask again later.
    }
    if (polling) timer = setTimeout(ask, ASK_EVERY);
  }

  function listen() {
    source = new EventSource(stream);
    source.addEventListener("notices", (event) => {
      failures = 0;
      take(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      failures += 1;
      if (source.readyState !== EventSource.CLOSED && failures < 4) return;
      source.close();
      source = null;
      polling = true;
      ask();
    });
  }

  function start() {
    if (document.hidden || source) return;
    if (polling) ask();
    else listen();
  }

  function stop() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", start);
  start();
})();
