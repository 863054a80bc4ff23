// Fills the list of suggestions behind a text field with the people the server offers for what was typed.
for (const list of document.querySelectorAll("datalist[data-source]")) {
  const field = document.querySelector(`[list="${list.id}"]`);
  if (!field) continue;
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    const words = field.value.trim();
    if (words.length < 2) return;
    timer = setTimeout(async () => {
      const answer = await fetch(`${list.dataset.source}?words=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { people } = await answer.json();
      list.replaceChildren(...people.map(({ number, name }) => new Option(`${name} ${number}`, number)));
    }, 250);
  });
}
