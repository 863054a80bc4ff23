// The page on which minutes are written: rows for speakers are added in place, and who else is writing is told.
// Loaded before the script that saves drafts, so that rows are there before kept text is put into them.

const ASK_EVERY = 15000;

class SpeechRows {
  constructor(form) {
    this.box = form.querySelector("[data-speeches]");
    this.model = form.querySelector("template[data-speech]");
    this.most = Number(this.box.dataset.most);
    this.add = form.querySelector("[data-speech-add]");
    this.add.hidden = false;
    form.querySelector("[data-speech-more]").hidden = true;
    this.add.addEventListener("click", () => this.append()?.querySelector("input")?.focus());
    // Text that comes back from a draft may have more rows than the page.
    form.addEventListener("draft:filling", (event) => this.makeRoom(event.detail));
    this.settle();
  }

  get count() {
    return this.box.querySelectorAll("[data-speech-row]").length;
  }

  append() {
    if (this.count >= this.most) return null;
    const row = document.createElement("div");
    row.innerHTML = this.model.innerHTML.replaceAll("__n__", String(this.count));
    const made = row.firstElementChild;
    this.box.append(made);
    this.settle();
    return made;
  }

  makeRoom(data) {
    const wanted = Object.keys(data).map((name) => /^(?:gist|speaker)_(\d{1,3})$/.exec(name)).filter(Boolean);
    const last = Math.max(-1, ...wanted.map((found) => Number(found[1])));
    while (this.count <= last && this.append());
  }

  settle() {
    this.add.disabled = this.count >= this.most;
  }
}

class Writers {
  constructor(box, form) {
    this.box = box;
    this.form = form;
    document.addEventListener("visibilitychange", () => this.ask());
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ASK_EVERY);
  }

  async ask() {
    if (document.hidden) return;
    const version = this.form.elements.namedItem("version").value;
    try {
      const answer = await fetch(`${this.box.dataset.writers}?version=${encodeURIComponent(version)}`, {
        headers: { "X-Background": "1" },
        redirect: "error",
      });
      const text = answer.ok ? (await answer.text()).trim() : "";
      // Drawn only when it says something else, so that it is read out once.
      if (answer.ok && text !== this.said) {
        this.box.innerHTML = text;
        this.said = text;
      }
    } catch {
      // The network is away for a moment; the next round asks again.
    }
    this.wait();
  }
}

const form = document.querySelector("form.minutes-form");
if (form) {
  new SpeechRows(form);
  const box = document.querySelector("[data-writers]");
  if (box) new Writers(box, form);
}
