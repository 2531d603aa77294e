// Keeps the page as the server has it: each element with an id and data-live is replaced by its
// newer self, which the stream at data-stream pushes. Without this script a reload does the same.
"use strict";

const region = document.querySelector("[data-stream]");
let stream = null;

// A hidden tab needs no stream: a browser keeps few connections to one host.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));

function open() {
  if (stream || document.hidden) return;
  stream = new EventSource(region.dataset.stream);
  stream.addEventListener("parts", (event) => show(event.data));
  stream.addEventListener("ended", () => location.reload());
}

function close() {
  if (stream) stream.close();
  stream = null;
}

function show(html) {
  document.dispatchEvent(new Event("parts-before"));
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("[data-live]")) {
    const old = document.getElementById(part.id);
    if (old && old.outerHTML !== part.outerHTML) replace(old, part);
  }
  document.dispatchEvent(new Event("parts"));
}

// What somebody opened stays open, and keeps the focus.
function replace(old, part) {
  const focused = old.contains(document.activeElement) && document.activeElement.closest("details[id]");
  for (const opened of old.querySelectorAll("details[id][open]")) {
    const twin = part.querySelector(`#${opened.id}`);
    if (twin) twin.open = true;
  }
  old.replaceWith(part);
  if (focused) document.querySelector(`#${focused.id} > summary`)?.focus();
}

open();
