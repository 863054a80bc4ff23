// Saves every form[data-draft] while one types. Texts stay in memory; sessionStorage holds them only while the network
// is gone, because the computer may be shared.

const QUIET_MS = 1500;
const LONGEST_MS = 15000;
const RETRIES_MS = [2000, 5000, 10000, 30000];
const KEEPALIVE_BYTES = 60000;

class SignedOut extends Error {}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    this.version = Number(form.dataset.draftVersion) || 0;
    this.begin();
    this.failures = 0;
    this.storageKey = `draft:${form.dataset.draftOwner}:${form.dataset.draft}`;
    this.status = form.querySelector("[data-draft-status]");
    this.alert = form.querySelector("[data-draft-alert]");
    this.conflict = form.querySelector("[data-draft-conflict]");
    this.saved = this.fingerprint();
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.resume());
    window.addEventListener("online", () => this.changed());
    window.addEventListener("beforeunload", (event) => this.failures > 0 && this.dirty() && event.preventDefault());
    setInterval(() => this.dirty() && !this.timer && this.changed(), LONGEST_MS);
    this.conflict?.querySelector("[data-draft-keep-mine]").addEventListener("click", () => this.keepMine());
    this.conflict?.querySelector("[data-draft-take-theirs]").addEventListener("click", () => this.takeTheirs());
  }

  begin() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    this.device = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.sequence = 0;
  }

  fields() {
    return Array.from(this.form.elements).filter(
      (field) => field.name && !field.matches("[type=hidden],[type=password],[type=file],[type=submit],button,[data-draft-skip]"),
    );
  }

  data() {
    const data = {};
    for (const field of this.fields()) {
      const several = field.type === "checkbox" || field.multiple;
      if (field.type === "radio" && !field.checked) continue;
      if (!several) data[field.name] = field.value;
      else data[field.name] = [...(data[field.name] || []), ...this.chosen(field)];
    }
    return data;
  }

  chosen(field) {
    if (field.multiple) return Array.from(field.selectedOptions, (option) => option.value);
    return field.checked ? [field.value] : [];
  }

  fill(data) {
    // A form that grows makes room first.
    this.form.dispatchEvent(new CustomEvent("draft:filling", { detail: data }));
    for (const field of this.fields()) {
      if (!(field.name in data)) continue;
      const value = data[field.name];
      if (field.type === "checkbox" || field.type === "radio") field.checked = [].concat(value).includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = [].concat(value).includes(option.value);
      else field.value = value;
    }
    this.form.dispatchEvent(new CustomEvent("draft:filled"));
  }

  fingerprint() {
    return JSON.stringify(this.data());
  }

  dirty() {
    return !this.stopped && this.fingerprint() !== this.saved;
  }

  changed() {
    if (this.stopped || this.held || !this.dirty()) return;
    if (!this.failures) this.say(this.status?.dataset.unsaved);
    this.since = this.since || Date.now();
    clearTimeout(this.timer);
    const wait = this.failures ? RETRIES_MS[Math.min(this.failures, RETRIES_MS.length) - 1] : QUIET_MS;
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(wait, this.since + LONGEST_MS - Date.now())));
  }

  async save() {
    this.timer = null;
    if (this.sending || this.held || !this.dirty()) return;
    this.sending = new AbortController();
    const text = this.fingerprint();
    this.say(this.status?.dataset.saving);
    try {
      const response = await this.send(text, { signal: this.sending.signal });
      const answer = await response.json();
      if (response.status === 409) this.showConflict(answer);
      else if (response.status === 400) this.refuse(answer.error);
      else if (!response.ok) throw new Error(String(response.status));
      else this.done(answer, text);
    } catch (error) {
      if (!this.stopped) this.failed(error, text);
    } finally {
      this.sending = null;
      if (this.dirty() && !this.held) {
        this.since = null;
        this.changed();
      }
    }
  }

  async send(text, options = {}) {
    this.sequence += 1;
    const body = `{"data":${text},"version":${this.version},"device":"${this.device}","sequence":${this.sequence}}`;
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]");
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token.value };
    const post = () => fetch(this.url, { method: "POST", headers, body, redirect: "manual", ...options });
    let response = await post();
    if (response.status === 403 && !options.keepalive) {
      // The token is renewed when one signs in again in another window.
      const renewed = await fetch(this.url, { redirect: "manual" });
      if (renewed.ok) {
        token.value = headers["X-CSRFToken"] = (await renewed.json()).token;
        response = await post();
      }
    }
    if (response.type === "opaqueredirect") throw new SignedOut();
    return response;
  }

  done(answer, text) {
    this.version = Math.max(this.version, answer.version);
    this.saved = text;
    this.failures = 0;
    this.since = null;
    this.forget();
    if (this.alert) this.alert.hidden = true;
    this.say(this.status?.dataset.saved?.replace("{time}", answer.time));
  }

  failed(error, text) {
    this.failures += 1;
    this.since = null;
    const signedOut = error instanceof SignedOut;
    // After a sign-out nothing personal may stay on the computer.
    if (signedOut) this.forget();
    else this.keep(text);
    this.say(signedOut ? this.status?.dataset.unsaved : this.status?.dataset.kept);
    this.shout(signedOut ? this.alert?.dataset.signedOut : this.alert?.dataset.failed);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), RETRIES_MS[Math.min(this.failures, RETRIES_MS.length) - 1]);
  }

  refuse(reason) {
    this.saved = this.fingerprint();
    this.say(this.status?.dataset.unsaved);
    this.shout(`${this.alert?.dataset.refused ?? ""} ${reason}`);
  }

  leave() {
    if (this.stopped || this.held || !this.dirty()) return;
    const text = this.fingerprint();
    const keepalive = new Blob([text]).size < KEEPALIVE_BYTES;
    this.send(text, { keepalive }).then(
      async (response) => response.ok && this.done(await response.json(), text),
      () => this.keep(text),
    );
  }

  submitted(event) {
    if (!navigator.onLine) {
      event.preventDefault();
      this.keep(this.fingerprint());
      this.shout(this.alert?.dataset.failed);
      return;
    }
    this.stopped = true;
    for (const [name, value] of [["draft_version", this.version], ["draft_device", this.device]]) {
      const field = this.form.elements.namedItem(name);
      if (field) field.value = value;
    }
    clearTimeout(this.timer);
    this.sending?.abort();
    this.forget();
  }

  async resume() {
    this.stopped = false;
    this.begin();
    const response = await fetch(this.url, { redirect: "manual" }).catch(() => null);
    if (response?.ok) this.version = (await response.json()).version;
  }

  showConflict(theirs) {
    this.theirs = theirs;
    this.held = true;
    if (!this.conflict) return this.keepMine();
    this.conflict.querySelector("[data-draft-their-time]").textContent = theirs.saved;
    const list = this.conflict.querySelector("[data-draft-theirs]");
    list.replaceChildren(
      ...this.fields().filter((field) => field.name in theirs.data && String(theirs.data[field.name]) !== field.value && field.type !== "checkbox" && !field.hidden).map((field) => {
        const block = document.createElement("blockquote");
        block.className = "draft-theirs";
        block.textContent = String(theirs.data[field.name]);
        return block;
      }),
    );
    this.conflict.hidden = false;
    this.conflict.focus();
  }

  keepMine() {
    this.version = this.theirs.version;
    this.goOn();
  }

  takeTheirs() {
    this.version = this.theirs.version;
    this.fill(this.theirs.data);
    this.saved = this.fingerprint();
    this.goOn();
  }

  goOn() {
    this.held = false;
    if (this.conflict) this.conflict.hidden = true;
    this.since = null;
    this.save();
  }

  keep(text) {
    try {
      sessionStorage.setItem(this.storageKey, JSON.stringify({ version: this.version, text }));
    } catch {
      // Storage is full or forbidden: the text stays in the page, and the alert says so.
    }
  }

  forget() {
    sessionStorage.removeItem(this.storageKey);
  }

  restore() {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("draft:") && !key.startsWith(`draft:${this.form.dataset.draftOwner}:`)) sessionStorage.removeItem(key);
    }
    const kept = JSON.parse(sessionStorage.getItem(this.storageKey) || "null");
    if (!kept || kept.text === this.saved) return this.forget();
    this.version = kept.version;
    this.fill(JSON.parse(kept.text));
    this.say(this.status?.dataset.restored);
    this.save();
  }

  say(text) {
    if (this.status && text) this.status.textContent = text;
  }

  shout(text) {
    if (!this.alert || !text) return;
    this.alert.textContent = text;
    this.alert.hidden = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!new URL(event.target.action, location.href).pathname.includes("logout")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
});
document.querySelectorAll("form[data-draft]").forEach((form) => new Autosave(form));
