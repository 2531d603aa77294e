// Keeps an open facesheet as the server has it: each element with data-live is replaced by its
// newer self, which the stream at data-stream pushes. Without this script a reload does the same.
"use strict";

const region = document.querySelector("[data-stream]");
const spoken = document.getElementById("live-news");
const LONGEST_WAIT = 60000;
const MOST_TRIES = 20;
let stream = null;
let failures = 0;

// A hidden tab needs no stream: a browser keeps few connections to one host.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));

function open() {
  if (stream || document.hidden) return;
  stream = new EventSource(region.dataset.stream);
  stream.addEventListener("open", () => { failures = 0; });
  stream.addEventListener("facesheet", (event) => show(event.data));
  stream.addEventListener("ended", close);
  stream.addEventListener("error", comeBack);
}

function close() {
  if (stream) stream.close();
  stream = null;
}

// The browser reconnects by itself unless the answer was an error, from a proxy for instance.
function comeBack() {
  if (!stream || stream.readyState !== EventSource.CLOSED) return;
  close();
  failures += 1;
  if (failures <= MOST_TRIES) setTimeout(open, Math.min(LONGEST_WAIT, 1000 * 2 ** failures));
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const before = alerts();
  for (const part of fresh.querySelectorAll("[data-live]")) replace(part);
  say(before, alerts());
}

function replace(part) {
  const old = document.getElementById(part.id);
  if (!old || old.outerHTML === part.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(part);
  if (focused) (sameIn(part, focused) || part).focus({ preventScroll: true });
}

function sameIn(part, element) {
  const name = element.textContent.trim();
  return [...part.querySelectorAll("a, button")].find((one) => one.textContent.trim() === name);
}

function alerts() {
  const found = document.querySelectorAll("[data-alert]");
  return new Map([...found].map((one) => [one.dataset.alert, one]));
}

// Read aloud what is new and what is gone, and not again what stood there before.
function say(before, after) {
  const news = [...after].filter(([id, one]) => one.dataset.state !== before.get(id)?.dataset.state);
  const gone = [...before].filter(([id]) => !after.has(id));
  const words = [
    ...news.map(([, one]) => one.querySelector(".alert-body").textContent.replace(/\s+/g, " ")),
    ...gone.map(([, one]) => one.dataset.gone),
  ];
  if (words.length) spoken.textContent = words.join(" ");
}

open();
