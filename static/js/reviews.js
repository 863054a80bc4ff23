// Small help for readers: the read mark sets itself, and what is selected becomes the quote of a comment.

const READ_AFTER_MS = 4000;

document.querySelectorAll("form[data-read-mark]").forEach((form) => {
  setTimeout(async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    if (!answer) return;
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    words.textContent = form.dataset.readMark;
    form.replaceWith(words);
  }, READ_AFTER_MS);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-quote-from]");
  if (!link) return;
  const selection = document.getSelection();
  const paragraph = document.querySelector(`[data-paragraph="${link.dataset.quoteFrom}"]`);
  if (!selection.toString().trim() || !paragraph.contains(selection.anchorNode) || !paragraph.contains(selection.focusNode)) return;
  const address = new URL(link.href);
  address.searchParams.set("quote", selection.toString().trim().slice(0, 300));
  link.href = address;
});

// A count of characters below a text: [data-count-of="<id>"] with data-words="{count} …".
document.querySelectorAll("[data-count-of]").forEach((place) => {
  const field = document.getElementById(place.dataset.countOf);
  const show = () => {
    place.textContent = place.dataset.words.replace("{count}", Array.from(field.value.replace(/\s/gu, "")).length);
  };
  field.addEventListener("input", show);
  field.form?.addEventListener("draft:filled", show);
  show();
});

// Text pasted from an office program becomes plain paragraphs.
document.querySelectorAll("textarea[data-clean-paste]").forEach((field) => {
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    const clean = text
      .replace(/\r\n?|[\u2028\u2029\v\f]/g, "\n")
      .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "")
      .split("\n")
      .map((line) => line.replace(/[\u3000\u00a0 \t]+/g, " ").trim())
      .filter(Boolean)
      .join("\n\n");
    field.setRangeText(clean, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
