"use strict";
// The deck: reveal.js with this lecture's settings, and live figures that open when they are reached.

Reveal.initialize({
  width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 4,
  center: false, hash: true, transition: "none", backgroundTransition: "none",
  slideNumber: "c/t", controls: false, navigationMode: "linear", totalTime: 90 * 60,
  pdfMaxPagesPerSlide: 1, pdfSeparateFragments: false,
  plugins: [RevealNotes],
});

// A frame is empty until its slide is shown: eight of them at once would make the start slow.
function openFrames(slide) {
  for (const frame of slide.querySelectorAll("iframe[data-document]")) {
    frame.srcdoc = frame.dataset.document;
    frame.removeAttribute("data-document");
    frame.addEventListener("load", () => {
      frame.parentElement.classList.add("open");
      fit(frame);
      // what sets its height: a figure may grow while one plays with it
      new ResizeObserver(() => scale(frame)).observe(frame);
      frame.contentWindow.addEventListener("keydown", turn, true);
    });
  }
}

// The width at which the figure is largest: narrow, its letters are large, but it becomes tall.
function fit(frame) {
  const inside = frame.contentDocument.body, { clientWidth, clientHeight } = frame.parentElement;
  let best = 0, chosen = 960;
  for (let width = 700; width <= clientWidth; width += 20) {
    frame.style.width = `${width}px`;
    const factor = Math.min(clientWidth / width, clientHeight / (inside.scrollHeight + 2));
    if (factor > best) [best, chosen] = [factor, width];
  }
  frame.style.width = `${chosen}px`;
  frame.style.height = `${inside.scrollHeight + 2}px`;
  scale(frame);
}

function scale(frame) {
  const { clientWidth, clientHeight } = frame.parentElement;
  const factor = Math.min(clientWidth / frame.offsetWidth, clientHeight / frame.offsetHeight);
  frame.style.transform = `scale(${factor}) translateX(-50%)`;
}

// Within a figure the arrow keys are the figure's. The keys of a presenter's remote control turn the
// slides from there, too, and Escape gives the keys back to the slides.
function turn(event) {
  const turned = { PageDown: () => Reveal.next(), PageUp: () => Reveal.prev(), Escape: () => {} };
  if (!(event.key in turned)) return;
  event.preventDefault();
  event.stopPropagation();
  window.focus();
  document.activeElement?.blur();
  turned[event.key]();
}

if (!Reveal.isPrintView()) {
  Reveal.on("ready", ({ currentSlide }) => openFrames(currentSlide));
  Reveal.on("slidechanged", ({ currentSlide }) => openFrames(currentSlide));
}
