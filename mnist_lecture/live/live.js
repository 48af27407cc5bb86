"use strict";
// What the live figures share: values, controls, pictures, bars and curves.

const live = {};

// ------------------------------------------------------------------------------------------ values
// Arrays come as base64, little-endian as on every machine of today, and get a `shape`.
live.unpack = function (value) {
  if (Array.isArray(value)) return value.map(live.unpack);
  if (value === null || typeof value !== "object") return value;
  if (!("array" in value)) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, live.unpack(v)]));
  }
  const bytes = Uint8Array.from(atob(value.array), (c) => c.charCodeAt(0));
  const numbers = {
    uint8: () => bytes,
    int32: () => new Int32Array(bytes.buffer),
    float32: () => new Float32Array(bytes.buffer),
    float16: () => Float32Array.from(new Uint16Array(bytes.buffer), live.fromHalf),
  }[value.dtype]();
  numbers.shape = value.shape;
  return numbers;
};

live.fromHalf = function (bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
};

live.values = live.unpack(JSON.parse(document.getElementById("values").textContent));
live.figure = document.getElementById("figure");
if ((live.values.source ?? "MNIST") !== "MNIST") {
  document.getElementById("source").textContent = `${live.values.source}, not MNIST`;
}

// ---------------------------------------------------------------------------------------- elements
live.add = function (parent, tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  parent.append(element);
  return element;
};

live.row = (parent = live.figure) => live.add(parent, "div", { class: "row" });

live.section = function (parent, title) {
  const section = live.add(parent, "section");
  if (title) live.add(section, "h2", {}, title);
  return section;
};

live.button = function (parent, text, action, attributes = {}) {
  const button = live.add(parent, "button", { type: "button", ...attributes }, text);
  button.addEventListener("click", action);
  return button;
};

live.choice = function (parent, text, options, action) {
  const label = live.add(parent, "label", {}, text);
  const select = live.add(label, "select");
  for (const option of options) live.add(select, "option", {}, option);
  select.addEventListener("change", () => action(select.selectedIndex));
  return select;
};

// A slider with its value beside it; if `log`, equal steps multiply. `set` moves it from outside.
live.slider = function (parent, text, { min, max, value, step, log, write = (x) => x.toFixed(2) }, action) {
  const [to, from] = log ? [Math.log10, (x) => 10 ** x] : [(x) => x, (x) => x];
  const label = live.add(parent, "label", {}, text + " ");
  const output = live.add(label, "b", { class: "value" });
  const input = live.add(label, "input", { type: "range", min: to(min), max: to(max), "aria-label": text });
  input.step = step ?? (log ? 0.01 : (max - min) / 200);
  const tell = () => {
    const shown = write(from(input.valueAsNumber));
    output.textContent = shown;
    input.setAttribute("aria-valuetext", shown);
  };
  const set = (x) => { input.value = to(x); tell(); };
  set(value);
  input.addEventListener("input", () => { tell(); action(from(input.valueAsNumber)); });
  return { input, set, get value() { return from(input.valueAsNumber); } };
};

// ---------------------------------------------------------------------------------------- pictures
// A canvas of `rows` x `columns` pixels, shown `size` CSS pixels wide, with words for who cannot see.
live.canvas = function (parent, rows, columns, size, alt, attributes = {}) {
  const canvas = live.add(parent, "canvas", { role: "img", "aria-label": alt, ...attributes });
  canvas.width = columns;
  canvas.height = rows;
  canvas.style.width = `${size}px`;
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  return canvas;
};

// Draw an array of rows x columns as ink on paper, or `signed`: orange above zero, violet below.
live.draw = function (canvas, pixels, { signed = false, largest = 1 } = {}) {
  const context = canvas.getContext("2d"), { width, height } = canvas;
  const picture = context.createImageData(width, height);
  for (let k = 0; k < width * height; k++) {
    const x = Math.max(-1, Math.min(1, pixels[k] / largest));
    const full = !signed ? [0, 0, 0] : x > 0 ? [230, 97, 1] : [94, 60, 153];
    const much = signed ? Math.abs(x) : Math.max(0, x);
    for (let c = 0; c < 3; c++) picture.data[4 * k + c] = 255 + much * (full[c] - 255);
    picture.data[4 * k + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
};

// Call `move` with the place of mouse, finger or pen in the canvas's own pixels while it is down.
live.drag = function (canvas, { start = () => {}, move, end = () => {} }) {
  const place = (event) => {
    const { width, height } = canvas.viewBox?.baseVal ?? canvas; // of a diagram, or of a canvas
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width,
      ((event.clientY - box.top) / box.height) * height];
  };
  let down = false;
  canvas.addEventListener("pointerdown", (event) => {
    down = true;
    canvas.setPointerCapture(event.pointerId);
    start(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    // a browser hands over several places at once: a quick stroke has corners without them
    const events = event.getCoalescedEvents?.() ?? [];
    if (down) for (const each of events.length ? events : [event]) move(...place(each));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => { if (down) end(); down = false; });
  }
};

// --------------------------------------------------------------------------------- bars and curves
live.percent = (x) => `${(100 * x).toFixed(x > 0.9995 || x < 0.0005 ? 0 : 1)} %`;

// Horizontal bars for values from 0 to 1; `update` draws others and marks the largest.
live.bars = function (parent, names, write = live.percent) {
  const box = live.add(parent, "div", { class: "bars", role: "table", "aria-label": "probabilities" });
  const rows = Array.from(names, (name) => {
    const row = live.add(box, "div", { role: "row", style: "display: contents" });
    live.add(row, "b", { role: "rowheader" }, `${name}`);
    const bar = live.add(live.add(row, "div", { "aria-hidden": "true" }), "i");
    return { bar, number: live.add(row, "span", { role: "cell" }) };
  });
  return function update(values) {
    const best = values.indexOf(Math.max(...values));
    rows.forEach(({ bar, number }, k) => {
      bar.style.width = `${100 * values[k]}%`;
      bar.className = k === best ? "best" : "";
      number.textContent = write(values[k]);
    });
  };
};

live.svg = function (parent, tag, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  parent.append(element);
  return element;
};

// A diagram: `x` and `y` are {min, max, label, ticks, log?, write?}. It returns the places of data
// in the picture and `line`, which draws a curve and gives a function that draws it anew.
live.diagram = function (parent, { x, y, alt, width = 460, height = 300 }) {
  const svg = live.svg(parent, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": alt });
  const left = 56, right = width - 12, top = 12, bottom = height - 44;
  const along = (axis, from, to) => {
    const f = axis.log ? Math.log : (v) => v;
    return (v) => from + ((f(v) - f(axis.min)) / (f(axis.max) - f(axis.min))) * (to - from);
  };
  const atX = along(x, left, right), atY = along(y, bottom, top);
  for (const tick of x.ticks) {
    live.svg(svg, "path", { class: "grid", d: `M${atX(tick)} ${top}V${bottom}` });
    live.svg(svg, "text", { x: atX(tick), y: bottom + 18, "text-anchor": "middle" }, (x.write ?? String)(tick));
  }
  for (const tick of y.ticks) {
    live.svg(svg, "path", { class: "grid", d: `M${left} ${atY(tick)}H${right}` });
    live.svg(svg, "text", { x: left - 6, y: atY(tick) + 4, "text-anchor": "end" }, (y.write ?? String)(tick));
  }
  live.svg(svg, "path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` });
  live.svg(svg, "text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, x.label);
  live.svg(svg, "text", { transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, y.label);
  const line = (color, dashed) => {
    const path = live.svg(svg, "path", { fill: "none", stroke: `var(--${color})`, "stroke-width": 3, "stroke-linejoin": "round" });
    if (dashed) path.setAttribute("stroke-dasharray", "7 5");
    return (xs, ys) => path.setAttribute("d", Array.from(xs, (v, k) => `${k ? "L" : "M"}${atX(v).toFixed(1)} ${atY(ys[k]).toFixed(1)}`).join(""));
  };
  const point = (color) => {
    const circle = live.svg(svg, "circle", { r: 7, fill: `var(--${color})`, stroke: "var(--back)", "stroke-width": 2 });
    return (a, b) => { circle.setAttribute("cx", atX(a)); circle.setAttribute("cy", atY(b)); };
  };
  return { svg, atX, atY, line, point };
};

// -------------------------------------------------------------------------------------------- time
// Do the `work` of a generator in slices of some milliseconds, so that the page answers meanwhile.
// It returns a function that stops it.
live.meanwhile = function (work) {
  let timer = setTimeout(function slice() {
    for (const end = performance.now() + 6; performance.now() < end;) if (work.next().done) return;
    timer = setTimeout(slice);
  });
  return () => clearTimeout(timer);
};

// Return a function that calls `action` once before the next picture, however often it is called.
live.once = function (action) {
  let asked = false;
  return () => {
    if (!asked) requestAnimationFrame(() => { asked = false; action(); });
    asked = true;
  };
};

// ------------------------------------------------------------------------------------------- frame
// Dark if the notebook or the page around it is, else as the system wishes.
live.look = function () {
  let around = "";
  try { around = parent.document.body.dataset.jpThemeLight ?? ""; } catch { /* another origin */ }
  const dark = around ? around === "false" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark", dark);
};
live.look();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", live.look);

// The frame takes the height of what it holds, where the page around it may be asked.
new ResizeObserver(() => {
  try {
    if (frameElement) frameElement.style.height = `${document.body.scrollHeight + 2}px`;
  } catch { /* another origin: the frame scrolls */ }
}).observe(document.body);
