// Text size and printing of an article. The size is a data attribute that the style sheet reads, kept on this device.
const article = document.querySelector("[data-article]");
const tools = document.querySelector("[data-article-tools]");

if (article && tools) {
  const buttons = [...tools.querySelectorAll("[data-text-size]")];
  const remembered = () => {
    try { return localStorage.getItem("news-text-size"); } catch { return null; }
  };
  const show = (size) => {
    article.dataset.size = size;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.textSize === size));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      show(button.dataset.textSize);
      try { localStorage.setItem("news-text-size", button.dataset.textSize); } catch { /* private window: not kept */ }
    });
  }
  const size = remembered();
  if (buttons.some((button) => button.dataset.textSize === size)) show(size);
  tools.querySelector("[data-print]").addEventListener("click", () => window.print());
  tools.hidden = false;
  document.querySelector("[data-address]").textContent = location.origin + location.pathname;
}
