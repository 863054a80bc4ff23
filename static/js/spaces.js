// Beside the stream, where there is room for it: what comes, who leads, how the organization stands.
const beside = document.querySelector("[data-glance]");
const wide = matchMedia("(min-width: 62em)");

const drawBeside = async () => {
  if (!wide.matches || beside.dataset.glance === "") return;
  const address = beside.dataset.glance;
  beside.dataset.glance = "";
  try {
    const answer = await fetch(address, { redirect: "error" });
    if (answer.ok) beside.innerHTML = await answer.text();
  } catch {
    beside.dataset.glance = address;
  }
};

if (beside) {
  wide.addEventListener("change", drawBeside);
  drawBeside();
}

// Tells of new entries of a stream without moving the page: a button counts them, and shows them when it is pressed.
const button = document.querySelector("[data-fresh]");
const stream = document.querySelector("[data-stream]");
const EVERY = 10000;
const LONGEST = 120000;

if (button && stream) {
  const words = button.querySelector("[data-fresh-words]");
  let pause = EVERY;
  let timer = 0;

  const ask = async (more = "") => {
    const answer = await fetch(`${button.dataset.fresh}?after=${button.dataset.after}${more}`, {
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const say = (count) => {
    const text = count === 1 ? button.dataset.one : button.dataset.many.replace("{count}", count > 98 ? "99+" : count);
    // Writing the same again would be read out again.
    if (words.textContent !== text) words.textContent = text;
    button.hidden = count === 0;
  };

  const look = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        say((await ask()).count);
        pause = EVERY;
      } catch {
        pause = Math.min(pause * 2, LONGEST);
      }
    }
    timer = setTimeout(look, pause);
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const found = await ask("&show=1");
      const box = document.createElement("template");
      box.innerHTML = found.html;
      const fresh = [...box.content.querySelectorAll("[data-entry]")];
      for (const entry of fresh) {
        // An entry that was brought up to date replaces itself.
        stream.querySelector(`[data-entry="${entry.dataset.entry}"]`)?.remove();
        entry.classList.add("is-new");
      }
      stream.prepend(...fresh);
      document.querySelector("[data-stream-empty]")?.remove();
      button.dataset.after = found.after;
      button.hidden = true;
      words.textContent = "";
      if (fresh.length) {
        fresh[0].tabIndex = -1;
        fresh[0].focus({ preventScroll: true });
      }
    } catch {
      location.reload();
    } finally {
      button.disabled = false;
    }
  });

  document.addEventListener("visibilitychange", () => document.hidden || look());
  timer = setTimeout(look, EVERY);
}
