// Keeps the page of a sitting as it is in the hall: figures, agenda and votes by asking again, the code by its clock.
(() => {
  "use strict";
  const etags = new WeakMap();

  // A form that somebody is filling in stays as it is until it is sent.
  const isInUse = (box) => {
    const field = document.activeElement;
    return box.contains(field) && field.matches("input:not([type=hidden]), select, textarea");
  };
  const isTouched = (box) => Array.from(box.querySelectorAll("input, select, textarea")).some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : "defaultValue" in field && field.value !== field.defaultValue);

  function draw(box, text) {
    const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute("formaction") || document.activeElement.id : "";
    const open = Array.from(box.querySelectorAll("details"), (part) => part.open);
    box.innerHTML = text;
    box.querySelectorAll("details").forEach((part, number) => { part.open = Boolean(open[number]); });
    if (focused) {
      const again = Array.from(box.querySelectorAll("[formaction], [id]")).find((found) => found.getAttribute("formaction") === focused || found.id === focused);
      if (again) again.focus({ preventScroll: true });
    }
    tick();
    document.dispatchEvent(new CustomEvent("portal:live", { detail: box }));
  }

  async function renew(box) {
    const headers = { Accept: "text/html" };
    // The screen in the hall is looked at though nobody touches it: its session lasts as long as the meeting.
    if (!("presence" in box.dataset)) headers["X-Background"] = "1";
    if (etags.has(box)) headers["If-None-Match"] = etags.get(box);
    try {
      const answer = await fetch(box.dataset.live, { headers, cache: "no-store", redirect: "error" });
      if (answer.status === 200 && !isInUse(box) && !isTouched(box)) {
        etags.set(box, answer.headers.get("ETag") || "");
        draw(box, await answer.text());
      }
      return answer.status < 400 || answer.status >= 500;
    } catch {
      return navigator.onLine !== undefined; // the network is away; the next round asks again
    }
  }

  async function keep(box) {
    const every = Number(box.dataset.liveEvery) * 1000;
    const goesOn = document.hidden || (await renew(box));
    if (goesOn) setTimeout(() => keep(box), every);
  }

  function tick() {
    for (const place of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      place.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    }
  }

  // The code: the server says how long each lasts, so that a wrong clock in the hall does no harm.
  function showCodes(box) {
    const picture = box.querySelector("[data-code-picture]");
    const typed = box.querySelector("[data-code-typed]");
    const left = box.querySelector("[data-code-left]");
    const lost = box.querySelector("[data-code-lost]");
    let endsAt = performance.now() + Number(box.dataset.seconds) * 1000;
    let asking = false;

    async function next() {
      asking = true;
      try {
        const answer = await fetch(box.dataset.codeUrl, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" });
        if (!answer.ok) throw new Error(String(answer.status));
        const code = await answer.json();
        if (!code.seconds) {
          location.reload(); // nobody can come in any more
          return;
        }
        picture.innerHTML = code.svg;
        typed.textContent = code.typed;
        endsAt = performance.now() + code.seconds * 1000;
        lost.hidden = true;
        box.classList.remove("code-over");
      } catch {
        lost.hidden = false;
        box.classList.add("code-over");
        endsAt = performance.now() + 3000;
      }
      asking = false;
    }

    setInterval(() => {
      const seconds = (endsAt - performance.now()) / 1000;
      left.value = Math.max(0, seconds);
      if (seconds <= 0 && !asking) next();
    }, 250);
    // A machine that slept shows an old code: what it shows is asked for again when somebody looks.
    document.addEventListener("visibilitychange", () => { if (!document.hidden && !asking) next(); });
  }

  for (const box of document.querySelectorAll("[data-live]")) {
    if ("liveNow" in box.dataset) keep(box);
    else setTimeout(() => keep(box), Number(box.dataset.liveEvery) * 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(box); });
  }
  for (const box of document.querySelectorAll("[data-code-url]")) showCodes(box);
  setInterval(tick, 1000);
  tick();

  // Steps of the agenda are taken without leaving the page; where that fails, the browser sends them as ever.
  const steps = document.getElementById("session-form");
  if (steps) {
    steps.addEventListener("submit", async (event) => {
      const action = event.submitter && event.submitter.getAttribute("formaction");
      const box = document.querySelector("[data-live]");
      if (!action || !box) return;
      event.preventDefault();
      const answer = await fetch(action, { method: "POST", body: new FormData(steps), redirect: "manual" }).catch(() => null);
      if (answer && answer.type === "opaqueredirect") await renew(box);
      else location.reload();
    });
  }

  const whole = document.querySelector("[data-full-screen]");
  const hall = document.querySelector(".session");
  if (whole && hall && hall.requestFullscreen) {
    whole.hidden = false;
    whole.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : hall.requestFullscreen()));
  }
})();
