// Notebook 09: a kernel is scanned over a picture, as Keras does it: not turned.
{
  const { pictures, learned } = live.values;
  const SIZES = [3, 5, 7, 9, 11], LIMIT = 10; // of a kernel, and of its weights
  const SCAN = 4000, SLICE = 8; // milliseconds: a scan to look at, and at most between two frames
  const SHEET = "draw one", SAME = "same", VALID = "valid";

  live.add(document.head, "style", {}, `
    .line { align-items: center; gap: 8px }
    .row.ends { align-items: end; flex-wrap: nowrap; gap: clamp(12px, 4vw, 40px) }
    .row > .part { flex: 0 1 auto }
    .part h2 { white-space: nowrap } p.note { max-width: none }
    .stage { position: relative; max-width: 100%; background: repeating-linear-gradient(45deg,
      var(--soft) 0 3px, var(--line) 3px 6px); border: 1px solid var(--line) }
    .stage canvas { border: 0; width: 100% !important }
    .stage i { position: absolute; outline: 3px solid #0072b2; box-shadow: 0 0 0 5px #fff; pointer-events: none }
    .equation { display: grid; grid-template-columns: 5fr auto 5fr auto 5fr auto minmax(110px, 2fr);
      gap: 0 10px; align-items: center; max-width: 1100px }
    .equation > section { min-width: 0 } .equation > b { font-size: 2em; margin-top: .8em }
    .equation > .controls { grid-column: 1 / -1; align-items: center }
    .cells { display: grid; container-type: inline-size; max-width: 300px; aspect-ratio: 1; gap: 1px;
      background: #bbb; border: 1px solid #bbb; grid-template: repeat(var(--n), 1fr) / repeat(var(--n), 1fr) }
    .cells > * { display: grid; place-items: center; min-width: 0; overflow: hidden; user-select: none;
      font-size: min(22px, calc(31cqw / var(--n))); letter-spacing: -0.04em; font-variant-numeric: tabular-nums }
    .cells > .outside { background: repeating-linear-gradient(45deg, #e4e4e4 0 3px, #bbb 3px 6px) }
    .cells > [role] { cursor: ns-resize; touch-action: none }
    .cells > .chosen { outline: 3px solid #0072b2; outline-offset: -3px; box-shadow: inset 0 0 0 4px #fff }
    .cells > :focus-visible { outline-color: #d55e00 }
    .one { --n: 1; max-width: 120px } .one > * { font-size: 24px }
    .small { padding: 2px; min-height: 0; background: #fff } .small canvas { border: 0 }
    .small[aria-pressed=true] { outline: 3px solid var(--blue) }
    @media (max-width: 640px) {
      .equation { grid-template-columns: 1fr 1fr } .equation > b { display: none }
      .equation > .kernel, .equation > .controls { grid-column: 1 / 3; order: 1 }
      .equation > .sum { grid-column: 1 / 3; display: flex; gap: 12px; align-items: center; margin: .6em 0 }
      .part h2 { font-size: .84em } .one { flex: 0 0 76px } .one > * { font-size: 20px }
    }`);

  // ---------------------------------------------------------------------------------------- kernels
  const gaussian = (n) => {
    const g = Float64Array.from({ length: n }, (_, i) => Math.exp(-((i - (n >> 1)) ** 2) / (2 * (n / 4) ** 2)));
    const sum = g.reduce((a, b) => a + b);
    return Float64Array.from({ length: n * n }, (_, k) => (g[Math.floor(k / n)] * g[k % n]) / sum ** 2);
  };
  // The same weights in a kernel of another size: zeros around them, or without their rim.
  const framed = (weights, from, to) => Float64Array.from({ length: to * to }, (_, k) => {
    const [y, x] = [Math.floor(k / to), k % to].map((at) => at + (from - to) / 2);
    return y >= 0 && x >= 0 && y < from && x < from ? weights[y * from + x] : 0;
  });
  const kernels = {
    blur: gaussian,
    sharpen: (n) => gaussian(n).map((g, k) => (k === n * n >> 1 ? 2.5 : 0) - 1.5 * g),
    "Sobel →": (n) => framed([-1, 0, 1, -2, 0, 2, -1, 0, 1], 3, n),
    "Sobel ↓": (n) => framed([-1, -2, -1, 0, 0, 0, 1, 2, 1], 3, n),
    Laplacian: (n) => framed([0, 1, 0, 1, -4, 1, 0, 1, 0], 3, n),
    random: (n) => live.normals(n * n),
    zeros: (n) => new Float64Array(n * n),
  };

  // ------------------------------------------------------------------------------------------ scan
  // The rows `from` to `to` of the new image, into `out`: windows that lie within F, `columns` wide.
  live.scanRows = function (F, columns, K, size, out, from, to) {
    const wide = columns - size + 1;
    out.fill(0, from * wide, to * wide);
    for (let y = from; y < to; y++) for (let k = 0; k < size * size; k++) {
      const weight = K[k], start = (y + Math.floor(k / size)) * columns + (k % size);
      if (weight) for (let x = 0; x < wide; x++) out[y * wide + x] += weight * F[start + x];
    }
  };

  function padded(F, [rows, columns], ring) {
    const wide = columns + 2 * ring, out = new Float64Array((rows + 2 * ring) * wide);
    for (let y = 0; y < rows; y++) out.set(F.subarray(y * columns, (y + 1) * columns), (y + ring) * wide + ring);
    return out;
  }

  // ----------------------------------------------------------------------------------------- state
  const sheet = Object.assign(new Float32Array(784), { shape: [28, 28] });
  const all = { ...pictures, [SHEET]: sheet };
  let name = Object.keys(all)[0], padding = VALID, relu = false;
  let size = 3, weights = kernels["Sobel →"](3), chosen = 0;
  let F, rows, columns, ring = 0; // the picture, with a ring of zeros around it
  let m = 1; // how far the kernel reaches from its middle
  let result = new Float64Array(0), high, wide, strongest = 1; // the new image
  let place = [0, 0]; // of the window: its upper left pixel in F, and its pixel of the new image
  const write = (x) => `${+x.toFixed(2) || 0}`.replace("-", "−");

  // -------------------------------------------------------------------------------------- the page
  const above = live.add(live.figure, "div", { class: "controls line" });
  const choose = live.choice(above, "", Object.keys(all), (k) => { name = Object.keys(all)[k]; newPicture(); });
  choose.setAttribute("aria-label", "picture");
  const clear = live.button(above, "clear", () => { sheet.fill(0); newPicture(); });
  const scanButton = live.button(above, "scan", () => (head === null ? startScan() : endScan()));
  live.add(above, "span", {}, "padding");
  const paddings = [VALID, SAME].map((text) => live.button(above, text, () => { padding = text; newShape(); },
    { "aria-label": `padding ${text}` }));
  const reluButton = live.button(above, "ReLU", () => { relu = !relu; drawNew(); showPlace(); });
  const row = live.row();
  row.classList.add("ends");
  const [left, right] = ["Picture", "New image"].map((title) => {
    const section = live.section(row, title), stage = live.add(section, "div", { class: "stage" });
    section.className = "part";
    const canvas = live.canvas(stage, 1, 1, 1, `${title}: arrow keys move the window`,
      { class: "hand", tabindex: 0, role: "application" });
    return { title: section.firstChild, stage, canvas, mark: live.add(stage, "i") };
  });
  const stages = [left, right];
  const note = live.add(live.figure, "p", { class: "note" });

  const ofKernel = live.add(live.figure, "div", { class: "controls line" });
  const sizes = live.choice(ofKernel, "", SIZES.map((n) => `${n} × ${n}`), (k) => resize(SIZES[k]));
  sizes.setAttribute("aria-label", "size of the kernel");
  const named = Object.keys(kernels).map((text) => live.button(ofKernel, text,
    () => setKernel(kernels[text](size), text)));
  live.button(ofKernel, "turn by 180°", () => setKernel(weights.slice().reverse()));
  if (learned) {
    const n = learned.shape[1], bank = live.add(live.figure, "div", { class: "controls line" });
    live.add(bank, "span", {}, "learned:");
    for (let k = 0; k < learned.shape[0]; k++) {
      const one = Float64Array.from(learned.subarray(k * n * n, (k + 1) * n * n)), text = `learned ${k + 1}`;
      const button = live.button(bank, "", () => { size = n; setKernel(one, text); },
        { "aria-label": text, class: "small" });
      live.draw(live.canvas(button, n, n, 30, "", { "aria-hidden": "true" }), one,
        { signed: true, largest: Math.max(...one.map(Math.abs)) });
      named.push(button);
    }
  }

  const equation = live.add(live.figure, "div", { class: "equation" });
  const cells = (title, kind = "") => {
    const section = live.section(equation, title);
    section.className = kind;
    return { section, box: live.add(section, "div", { class: "cells" }), list: [] };
  };
  const sign = (text) => live.add(equation, "b", { "aria-hidden": "true" }, text);
  const pixels = cells("Pixels");
  sign("×");
  const kernel = cells("Kernel", "kernel");
  sign("=");
  const products = cells("Products");
  sign("→");
  const sum = cells("Sum", "sum");
  sum.box.classList.add("one");
  sum.list = [live.add(sum.box, "span")];
  const words = live.add(sum.section, "p", { class: "note" });
  sum.section.setAttribute("aria-atomic", true);
  sum.section.setAttribute("aria-live", "polite");
  kernel.box.setAttribute("role", "group");
  kernel.box.setAttribute("aria-label", "Weights: up and down change one, left and right go to the next");
  const stepper = live.add(equation, "div", { class: "controls line" });
  live.button(stepper, "−", () => change(-1), { "aria-label": "smaller weight" });
  live.button(stepper, "+", () => change(1), { "aria-label": "larger weight" });
  const told = live.add(stepper, "span"), hint = live.add(stepper, "span", { class: "note" });

  // -------------------------------------------------------------------------------------- colours
  // As live.draw: ink on paper, or orange above and violet below zero; text that can be read on it.
  function paint(cell, x, signed, text) {
    const much = Math.min(1, signed ? Math.abs(x) : Math.max(0, x));
    const full = !signed ? [0, 0, 0] : x > 0 ? [230, 97, 1] : [94, 60, 153];
    cell.style.background = `rgb(${full.map((c) => Math.round(255 + much * (c - 255)))})`;
    cell.style.color = (signed ? x < 0 && much > 0.55 : much > 0.5) ? "#fff" : "#000";
    cell.textContent = text;
  }
  const largestWeight = () => weights.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;

  // ----------------------------------------------------------------------------------- the kernel
  function setKernel(values, text) {
    weights = Float64Array.from(values);
    for (const button of named) {
      button.setAttribute("aria-pressed", text === (button.getAttribute("aria-label") ?? button.textContent));
    }
    if (kernel.list.length !== size * size) newCells();
    else newWeights();
  }

  function resize(n) {
    const pressed = named.find((button) => button.getAttribute("aria-pressed") === "true")?.textContent;
    const values = kernels[pressed]?.(n) ?? framed(weights, size, n);
    size = n;
    setKernel(values, pressed);
  }

  function newCells() {
    sizes.selectedIndex = SIZES.indexOf(size);
    for (const { box } of [pixels, kernel, products]) {
      box.replaceChildren();
      box.style.setProperty("--n", size);
    }
    const make = ({ box }, attributes = () => ({})) =>
      Array.from({ length: size * size }, (_, k) => live.add(box, "span", attributes(k)));
    pixels.list = make(pixels);
    products.list = make(products);
    kernel.list = make(kernel, (k) => ({ role: "spinbutton", "aria-label": `weight ${index(k)}`,
      "aria-valuemin": -LIMIT, "aria-valuemax": LIMIT }));
    kernel.list.forEach(listen);
    chosen = size * size >> 1;
    newShape();
  }

  const index = (k) => `[${Math.floor(k / size)}, ${k % size}]`; // as in NumPy, from 0

  // Steps of a weight: a tenth of the first digit of the largest, so that 2 changes by 0.1.
  const stepNow = () => 10 ** (Math.floor(Math.log10(largestWeight())) - 1);
  function put(k, value) {
    weights[k] = Math.max(-LIMIT, Math.min(LIMIT, +value.toPrecision(6)));
    setKernel(weights);
  }
  const change = (n, step = stepNow()) => put(chosen, (Math.round(weights[chosen] / step) + n) * step);

  function listen(cell, k) {
    let from = null;
    cell.addEventListener("pointerdown", (event) => {
      from = { y: event.clientY, value: weights[k], step: stepNow() };
      cell.setPointerCapture(event.pointerId);
      focusCell(k);
    });
    cell.addEventListener("pointermove", (event) => {
      const n = from ? Math.round((from.y - event.clientY) / 2) : 0; // two pixels for a step
      if (from && (n || from.moved)) {
        from.moved = true;
        put(k, n ? (Math.round(from.value / from.step) + n) * from.step : from.value);
      }
    });
    for (const end of ["pointerup", "pointercancel"]) cell.addEventListener(end, () => { from = null; });
    cell.addEventListener("focus", () => { if (chosen !== k) focusCell(k); });
    cell.addEventListener("keydown", (event) => {
      const much = event.shiftKey ? 10 : 1;
      const act = {
        ArrowUp: () => change(much), ArrowDown: () => change(-much),
        ArrowLeft: () => focusCell(k - 1), ArrowRight: () => focusCell(k + 1),
        PageUp: () => focusCell(k - size), PageDown: () => focusCell(k + size),
        Delete: () => put(k, 0), Backspace: () => put(k, 0), 0: () => put(k, 0),
      }[event.key];
      if (act) { event.preventDefault(); act(); }
    });
  }

  function focusCell(k) {
    if (k < 0 || k >= size * size) return;
    chosen = k;
    showWeights();
    kernel.list[k].focus({ preventScroll: true });
  }

  function showWeights() {
    const most = largestWeight();
    kernel.list.forEach((cell, k) => {
      paint(cell, weights[k] / most, true, size > 5 ? "" : write(weights[k]));
      cell.className = k === chosen ? "chosen" : "";
      cell.tabIndex = k === chosen ? 0 : -1;
      cell.setAttribute("aria-valuenow", +weights[k].toPrecision(3));
    });
    const exact = `${+weights[chosen].toPrecision(3)}`.replace("-", "−");
    told.textContent = `Weight ${index(chosen)}: ${exact}`;
    hint.textContent = `Drag a weight up or down. Sum of all: ${write(weights.reduce((a, b) => a + b, 0))}`;
  }

  // ------------------------------------------------------------------------------ the new image
  function newPicture() {
    clear.hidden = name !== SHEET;
    penDown = false;
    newShape();
    // begin where there is most to see
    if (name !== SHEET) {
      const best = result.reduce((best, x, k) => (Math.abs(x) > Math.abs(result[best]) ? k : best), 0);
      moveTo(Math.floor(best / wide), best % wide);
    }
  }

  // After a change of picture, padding or size of the kernel.
  function newShape() {
    endScan();
    const picture = all[name], middle = place.map((at) => at + m - ring); // stays, if it can
    m = size >> 1;
    ring = padding === SAME ? m : 0;
    paddings.forEach((button) => button.setAttribute("aria-pressed", button.textContent === padding));
    F = padded(picture, picture.shape, ring);
    [rows, columns] = picture.shape.map((n) => n + 2 * ring);
    [high, wide] = [rows - size + 1, columns - size + 1];
    result = new Float64Array(high * wide);
    for (const { stage, canvas } of stages) {
      [canvas.height, canvas.width] = [rows, columns];
      canvas.style.aspectRatio = `${columns} / ${rows}`;
      stage.style.width = `${Math.round((300 * columns) / rows)}px`;
    }
    drawPicture();
    left.title.textContent = `Picture: ${picture.shape[0]} × ${picture.shape[1]}`;
    right.title.textContent = `New image: ${high} × ${wide}`;
    place = within(...middle.map((at) => at - m + ring));
    busy = false;
    newWeights();
  }

  const hidden = document.createElement("canvas").getContext("2d");
  function drawPicture() {
    const picture = all[name], context = left.canvas.getContext("2d");
    [hidden.canvas.height, hidden.canvas.width] = picture.shape;
    live.draw(hidden.canvas, picture);
    context.drawImage(hidden.canvas, ring, ring);
  }

  // The scan of a large picture is spread over several frames; the old image is seen until it ends.
  let busy = false, again = false;
  function newWeights() {
    showWeights();
    if (busy) again = true;
    else { busy = true; again = false; work(result, 0); }
    showPlace();
  }
  function work(out, from) {
    if (out !== result) return; // for a shape that is no more
    const end = performance.now() + SLICE;
    for (; from < high && performance.now() < end; from++) {
      live.scanRows(F, columns, weights, size, out, from, from + 1);
    }
    if (from < high) return requestAnimationFrame(() => work(out, from));
    busy = false;
    drawNew();
    showPlace();
    if (again) newWeights();
  }

  // The strongest 4 % of the pixels that are not zero have the full colour, as in the notebook.
  function drawNew() {
    const some = [], skip = Math.ceil(result.length / 4000) | 1;
    for (let k = 0; k < result.length; k += skip) {
      if (Math.abs(result[k]) > 1e-9) some.push(Math.abs(result[k]));
    }
    strongest = Float64Array.from(some).sort()[Math.floor(0.96 * some.length)] || 1;
    reluButton.setAttribute("aria-pressed", relu);
    const how = name === SHEET ? "Draw on the sheet (keyboard: space bar, then arrows)."
      : "Point at a pixel of either image.";
    note.textContent = how + (relu ? ` What is below 0 becomes 0. Black: ${write(strongest)} and more.`
      : ` Orange is above 0, violet below, full colour at ±${write(strongest)}.`);
    [hidden.canvas.height, hidden.canvas.width] = [high, wide];
    live.draw(hidden.canvas, result, { signed: !relu, largest: strongest });
    reveal(head ?? high * wide);
  }

  // Show the first n pixels of the new image, in the middle of the frame.
  function reveal(n) {
    const context = right.canvas.getContext("2d"), full = Math.floor(n / wide), rest = n % wide;
    context.clearRect(0, 0, columns, rows);
    if (full) context.drawImage(hidden.canvas, 0, 0, wide, full, m, m, wide, full);
    if (rest) context.drawImage(hidden.canvas, 0, full, rest, 1, m, m + full, rest, 1);
  }

  // How far a scan has come, its next frame, and whether the window goes along.
  let head = null, frame, follows = true;
  function startScan() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return reveal(high * wide);
    scanButton.textContent = "to the end";
    sum.section.setAttribute("aria-live", "off");
    [head, follows] = [0, true];
    const start = performance.now();
    const step = (now) => {
      head = Math.max(1, Math.min(high * wide, Math.floor(((now - start) / SCAN) * high * wide)));
      if (follows) place = [Math.floor((head - 1) / wide), (head - 1) % wide];
      if (follows) showPlace();
      if (head === high * wide) return endScan();
      reveal(head);
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  }
  function endScan() {
    if (head === null) return;
    cancelAnimationFrame(frame);
    head = null;
    scanButton.textContent = "scan";
    sum.section.setAttribute("aria-live", "polite");
    reveal(high * wide);
  }

  // ----------------------------------------------------------------------------------- the window
  function moveTo(y, x) {
    follows = false;
    place = within(y, x);
    showPlace();
  }
  function within(y, x) { return [Math.max(0, Math.min(high - 1, y)), Math.max(0, Math.min(wide - 1, x))]; }

  function showPlace() {
    const [y, x] = place, most = largestWeight();
    const box = (mark, y, x, n) => {
      mark.style.cssText = `left: ${(100 * x) / columns}%; top: ${(100 * y) / rows}%;`
        + `width: ${(100 * n) / columns}%; height: ${(100 * n) / rows}%`;
    };
    box(left.mark, y, x, size);
    box(right.mark, y + m, x + m, 1);
    let total = 0;
    for (let k = 0; k < size * size; k++) {
      const i = y + Math.floor(k / size), j = x + (k % size);
      const pixel = F[i * columns + j], product = pixel * weights[k];
      const inside = i >= ring && j >= ring && i < rows - ring && j < columns - ring;
      total += product;
      paint(pixels.list[k], pixel, false, size > 5 ? "" : write(pixel));
      pixels.list[k].className = inside ? "" : "outside";
      if (!inside) pixels.list[k].style.background = ""; // the zeros around the picture: hatched
      paint(products.list[k], product / most, true, size > 5 ? "" : write(product));
    }
    const value = relu ? Math.max(0, total) : total;
    paint(sum.list[0], value / strongest, !relu, write(value));
    words.textContent = `pixel [${y}, ${x}]` + (relu && total < 0 ? `: ${write(total)}; after ReLU 0` : "");
  }

  // The pointer and the arrow keys move the window on both pictures; on the sheet they also draw.
  for (const { canvas } of stages) {
    const follow = (event) => {
      const box = canvas.getBoundingClientRect();
      moveTo(Math.floor(((event.clientY - box.top) / box.height) * rows) - m,
        Math.floor(((event.clientX - box.left) / box.width) * columns) - m);
    };
    canvas.addEventListener("pointerdown", follow);
    canvas.addEventListener("pointermove", follow);
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      const draws = name === SHEET && canvas === left.canvas;
      if (!step && !(draws && event.key === " ")) return;
      event.preventDefault();
      if (step) moveTo(place[0] + step[0], place[1] + step[1]);
      else penDown = !penDown;
      if (draws && penDown) ink(place[1] + m - ring + 0.5, place[0] + m - ring + 0.5);
    });
  }
  let penDown = false, last = null;
  live.drag(left.canvas, { start: (x, y) => { last = null; stroke(x, y); }, move: stroke });
  function stroke(x, y) {
    if (name !== SHEET) return;
    ink(x - ring, y - ring, last);
    last = [x - ring, y - ring];
  }

  // Ink around the line from `before` to (x, y), darker near it. Not `live.pad`: that centres what is
  // drawn, and here it must stay under the pen.
  function ink(x, y, before) {
    const [a, b] = before ?? [x, y], [dx, dy] = [x - a, y - b], length2 = dx * dx + dy * dy || 1;
    for (let k = 0; k < 784; k++) {
      const px = (k % 28) + 0.5, py = Math.floor(k / 28) + 0.5;
      const t = Math.max(0, Math.min(1, ((px - a) * dx + (py - b) * dy) / length2));
      sheet[k] = Math.max(sheet[k], Math.min(1, 1.7 - Math.hypot(px - a - t * dx, py - b - t * dy)));
    }
    F = padded(sheet, sheet.shape, ring);
    drawPicture();
    newWeights();
  }

  // For the tests.
  live.scan = () => ({ size, weights, result, shape: [high, wide], place, strongest, busy, head,
    picture: all[name] });
  live.setKernel = (values) => { size = Math.sqrt(values.length); setKernel(values); };
  setKernel(weights, "Sobel →");
  newPicture();
}
