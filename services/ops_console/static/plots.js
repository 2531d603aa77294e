// Lets people look at a moment in all plots at once: by the pointer over any of them, or by the
// slider, which arrow keys move. Without this script each plot says its newest and greatest value.
"use strict";

const LEFT = 4;
const RIGHT = 316;
const look = document.querySelector("[data-look]");
const slider = document.getElementById("moment");
const output = document.querySelector("[data-moment]");
let follows = true;

function times() {
  return JSON.parse(document.getElementById("plots").dataset.times);
}

function show(index) {
  const all = times();
  if (all.length < 2) return;
  look.hidden = false;
  slider.max = all.length - 1;
  slider.value = index;
  slider.setAttribute("aria-valuetext", `${all[index]} UTC`);
  output.textContent = all[index];
  follows = index === all.length - 1;
  const begin = Date.parse(all[0]);
  const share = (Date.parse(all[index]) - begin) / (Date.parse(all[all.length - 1]) - begin);
  for (const plot of document.querySelectorAll("[data-said]")) {
    const line = plot.querySelector(".plot-cursor");
    for (const name of ["x1", "x2"]) line.setAttribute(name, LEFT + (RIGHT - LEFT) * share);
    line.setAttribute("visibility", follows ? "hidden" : "visible");
    plot.querySelector("[data-value]").textContent = JSON.parse(plot.dataset.said)[index];
  }
}

slider.addEventListener("input", () => show(Number(slider.value)));

document.addEventListener("pointermove", (event) => {
  const plot = event.target.closest("[data-said] svg");
  if (!plot) return;
  const box = plot.getBoundingClientRect();
  const across = ((event.clientX - box.left) / box.width) * 320;
  const share = Math.min(Math.max((across - LEFT) / (RIGHT - LEFT), 0), 1);
  show(Math.round(share * (times().length - 1)));
});

// The stream replaces the plots: look at the same moment in the new ones, or at the newest again.
let looked = null;
document.addEventListener("parts-before", () => (looked = follows ? null : times()[slider.value]));
document.addEventListener("parts", () => {
  const all = times();
  const index = looked ? all.indexOf(looked) : -1;
  show(index < 0 ? all.length - 1 : index);
});

show(Math.max(times().length - 1, 0));
