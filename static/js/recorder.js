// Records a voice message and puts it into the file field, so that the form is sent as if a recording had been chosen.
const TYPES = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/mp4", "m4a"],
  ["audio/webm", "webm"],
];

for (const box of document.querySelectorAll("[data-recorder]")) {
  const input = document.getElementById(box.dataset.recorder);
  const found = "MediaRecorder" in window && TYPES.find(([type]) => MediaRecorder.isTypeSupported(type));
  if (!input || !found || !navigator.mediaDevices?.getUserMedia || !("DataTransfer" in window)) continue;

  const [type, extension] = found;
  const longest = Number(box.dataset.seconds);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [record, stop, drop, time, words, heard] = ["record", "stop", "drop", "time", "words", "heard"].map(part);
  let recorder = null;
  let timer = 0;
  let began = 0;

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  const show = (state) => {
    record.hidden = state === "recording";
    stop.hidden = state !== "recording";
    drop.hidden = state !== "recorded";
    heard.hidden = state !== "recorded";
    if (state === "none") time.textContent = "";
  };

  const clear = () => {
    if (heard.src) URL.revokeObjectURL(heard.src);
    heard.removeAttribute("src");
    input.value = "";
    show("none");
  };

  const tick = () => {
    const seconds = (Date.now() - began) / 1000;
    time.textContent = `${clock(seconds)} / ${clock(longest)}`;
    // The last second is left to the recorder, which may end a little late.
    if (seconds >= longest - 1) {
      words.textContent = box.dataset.full;
      recorder.stop();
    }
  };

  record.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      words.textContent = box.dataset.refused;
      return;
    }
    clear();
    words.textContent = "";
    const pieces = [];
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 });
    recorder.addEventListener("dataavailable", (event) => event.data.size && pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      const plain = type.split(";")[0];
      const file = new File(pieces, `${box.dataset.name}.${extension}`, { type: plain });
      const carrier = new DataTransfer();
      carrier.items.add(file);
      input.files = carrier.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      heard.src = URL.createObjectURL(file);
      show("recorded");
    });
    recorder.start(1000);
    began = Date.now();
    timer = setInterval(tick, 250);
    show("recording");
    stop.focus();
  });
  stop.addEventListener("click", () => recorder?.state === "recording" && recorder.stop());
  drop.addEventListener("click", () => {
    clear();
    input.dispatchEvent(new Event("discard"));
  });
  input.addEventListener("input", (event) => event.isTrusted && heard.src && !input.files.length && clear());
  // The form must not leave while the sound is not yet in the field.
  input.form?.addEventListener("submit", (event) => {
    if (recorder?.state === "recording") {
      event.preventDefault();
      event.stopImmediatePropagation();
      recorder.stop();
    }
  }, { capture: true });
  box.hidden = false;
}
