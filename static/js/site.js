// What script improves on every page; each page works without it.
(() => {
  "use strict";

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // Messages can be closed, and are said aloud: a live region that is there from the start is not.
  for (const close of document.querySelectorAll("[data-close-toast]")) close.hidden = false;
  const toasts = document.getElementById("toasts");
  if (toasts && toasts.children.length) {
    const shown = Array.from(toasts.children);
    setTimeout(() => shown.forEach((toast) => toasts.append(toast)), 100);
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a, button, [data-print]");
    for (const open of document.querySelectorAll("details[data-drop][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    if (!target) return;
    if (target.matches("[data-close-toast]")) target.closest(".toast").remove();
    if (target.matches("[data-print]")) window.print();
    if (target.matches("[data-close]")) target.closest("dialog").close();
    if (target.dataset.dialog) {
      const dialog = document.getElementById(target.dataset.dialog);
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    }
  });

  // A panel that is left by the keyboard covers nothing of what follows.
  document.addEventListener("focusin", (event) => {
    for (const open of document.querySelectorAll("details[data-drop][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-drop][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // A second click sends nothing twice; coming back by the Back button makes the form usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[type=submit]")) button.removeAttribute("aria-disabled");
    }
  });

  for (const box of document.querySelectorAll("[data-check-all]")) {
    const boxes = () => document.querySelectorAll(`input[type=checkbox][name="${box.dataset.checkAll}"]`);
    box.addEventListener("change", () => boxes().forEach((other) => { other.checked = box.checked; }));
  }
  for (const control of document.querySelectorAll("[data-autosubmit]")) {
    control.addEventListener("change", () => control.form.requestSubmit());
  }
})();
