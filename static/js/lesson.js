// A video goes on where it was left; heartbeats tell the portal what has been played.
const video = document.querySelector("[data-lesson-video]");
const form = video && document.getElementById(video.dataset.beatForm);
if (video && form) {
  const status = document.querySelector("[data-lesson-status]");
  const every = Number(video.dataset.beat) * 1000;
  let timer = 0;

  const say = (word) => {
    if (status) status.textContent = status.dataset[word];
  };
  const beat = async () => {
    form.elements.position.value = String(Math.floor(video.currentTime));
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      say((await answer.json()).done ? "done" : "saved");
    } catch {
      say("failed");
    }
  };
  const start = () => {
    if (!timer) {
      beat();
      timer = window.setInterval(beat, every);
    }
  };
  const stop = () => {
    window.clearInterval(timer);
    timer = 0;
    beat();
  };
  const resume = () => {
    const position = Number(video.dataset.position);
    if (position && position < video.duration - 2) video.currentTime = position;
  };
  if (video.readyState >= 1) resume();
  else video.addEventListener("loadedmetadata", resume, { once: true });
  video.addEventListener("play", start);
  video.addEventListener("pause", stop);
  video.addEventListener("ended", stop);
  window.addEventListener("pagehide", () => {
    if (timer) beat();
  });
}
