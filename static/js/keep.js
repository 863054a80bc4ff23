// Sends the files of a form as soon as they are chosen and shows how far they are; the form then carries their tickets.
// Without this script the form sends the files itself.
const escaped = (words, name, percent = "") => words.replace("{name}", name).replace("{percent}", percent);

for (const input of document.querySelectorAll("input[type=file][data-door]")) {
  const form = input.form;
  if (!form || !("upload" in new XMLHttpRequest())) continue;

  const words = input.dataset;
  const box = document.createElement("div");
  box.className = "sending";
  box.setAttribute("role", "status");
  input.after(box);

  const kept = () => {
    let list = input.parentElement.querySelector(".kept-files");
    if (!list) {
      list = document.createElement("ul");
      list.className = "kept-files";
      input.before(list);
    }
    return list;
  };

  const line = (file) => {
    const row = document.createElement("p");
    const bar = document.createElement("progress");
    const text = document.createElement("span");
    bar.max = 100;
    bar.value = 0;
    text.textContent = file.name;
    row.append(text, bar);
    box.append(row);
    return { row, bar, text };
  };

  const ended = () => {
    form.dataset.sending = Number(form.dataset.sending) - 1;
    if (form.dataset.sending === "0" && form.dataset.waiting) {
      delete form.dataset.waiting;
      form.requestSubmit();
    }
  };

  const send = (file) => {
    const shown = line(file);
    const data = new FormData();
    data.append("door", words.door);
    data.append("name", input.name);
    data.append("file", file, file.name);
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const request = new XMLHttpRequest();
    form.dataset.sending = Number(form.dataset.sending || 0) + 1;

    const refuse = (reason) => {
      shown.bar.remove();
      shown.row.className = "sending-refused";
      shown.text.textContent = reason;
      // What was not sent must not go out with the form unseen.
      delete form.dataset.waiting;
    };

    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      shown.bar.value = Math.floor((event.loaded / event.total) * 100);
      shown.bar.setAttribute("aria-label", escaped(words.sending, file.name, shown.bar.value));
    });
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // An answer of something before the portal, such as a file too large for it.
      }
      if (request.status === 201) {
        const made = document.createElement("template");
        made.innerHTML = answer.html.trim();
        if (!input.multiple) kept().replaceChildren();
        kept().append(made.content.firstElementChild);
        shown.row.className = "visually-hidden";
        shown.bar.remove();
        shown.text.textContent = escaped(words.kept, file.name);
      } else {
        refuse(answer.error ? `${file.name}: ${answer.error}` : escaped(words.failed, file.name));
      }
      ended();
    });
    request.addEventListener("error", () => {
      refuse(escaped(words.failed, file.name));
      ended();
    });
    request.open("POST", words.keepUrl);
    request.send(data);
  };

  input.addEventListener("change", () => {
    if (!input.files.length) return;
    box.replaceChildren(...[...box.children].filter((row) => row.querySelector("progress")));
    for (const file of input.files) send(file);
    input.value = "";
    // The list says what is there; a field that looks empty need not be filled.
    input.required = false;
  });

  // A recording that is discarded is not sent either.
  input.addEventListener("discard", () => input.parentElement.querySelector(".kept-files")?.replaceChildren());
}

for (const form of new Set([...document.querySelectorAll("input[type=file][data-door]")].map((input) => input.form))) {
  form?.addEventListener("submit", (event) => {
    if (!Number(form.dataset.sending || 0) || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    form.dataset.waiting = "1";
    const bar = form.querySelector(".sending progress");
    const said = document.createElement("p");
    said.textContent = form.querySelector("input[type=file][data-door]").dataset.wait;
    bar.closest(".sending").append(said);
  });
}
