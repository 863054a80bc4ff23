// Tell the portal how far this person has read, after the page is shown.
const mark = document.querySelector("form[data-read-mark]");
if (mark) {
  window.addEventListener("load", () => {
    fetch(mark.action, { method: "POST", body: new FormData(mark), keepalive: true }).catch(() => {});
  });
}
