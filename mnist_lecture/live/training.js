// Notebooks 04 and 06: a training, epoch by epoch: weights as pictures, two errors, digits read anew.
// `epochs` are those whose `weights` and `answers` were kept, 0 the start; `errors` are of all, from 1 on.
{
  const { epochs, errors, weights, images, labels, answers, marks, source } = live.values;
  const [recorded, neurons, height, width] = weights.shape, last = recorded - 1;
  const PAUSE = 350; // milliseconds from picture to picture while it plays
  const names = ["training", "validation"], colors = ["blue", "orange"];

  // --------------------------------------------------------------------------------------- controls
  const controls = live.add(live.figure, "div", { class: "controls" });
  const slider = live.slider(live.add(controls, "div", { style: "flex: 1 1 240px" }), "epoch",
    { min: 0, max: last, value: 0, step: 1, write: (n) => `${epochs[n]}` }, (n) => { stop(); show(n); });
  const play = live.button(controls, "play", () => (running ? stop() : start()),
    { style: "min-width: 6em; font-weight: 600" });
  const words = live.add(live.figure, "p", { style: "font-variant-numeric: tabular-nums" });
  const row = live.row();

  // ---------------------------------------------------------------------------------------- weights
  // Bytes, with 128 for zero, or numbers. One scale for all epochs and neurons.
  const bytes = weights instanceof Uint8Array;
  const largest = bytes ? 127 : weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  const size = height * width, zero = bytes ? 128 : 0;
  const left = live.section(row, `The weights into ${neurons} hidden neurons`);
  const mosaic = live.add(left, "div", { style: grid(`repeat(${Math.min(neurons, 4)}, 1fr)`) });
  const canvases = Array.from({ length: neurons }, (_, k) =>
    live.canvas(mosaic, height, width, 120, `weights into neuron ${k + 1}`));
  live.add(left, "p", { class: "note" }, "Ink on orange raises the neuron's sum, ink on violet lowers it.");
  function grid(columns) { return `display: grid; gap: 8px; grid-template-columns: ${columns}`; }

  // ----------------------------------------------------------------------------------------- errors
  // A training error is a mean over its epoch, and stands in the middle of it.
  const count = errors.shape[1], curves = names.map((_, k) => errors.subarray(k * count, (k + 1) * count));
  const times = (k) => Array.from({ length: count }, (_, n) => n + (k ? 1 : 0.5));
  const highest = Math.max(...errors), lowest = Math.min(...errors), log = lowest > 0 && highest > 5 * lowest;
  const range = log ? [lowest / 1.15, highest * 1.1] : [0, highest * 1.05];
  const every = [1, 2, 5, 10, 20, 50].find((step) => step >= count / 8) ?? 100;
  const ticks = log ? [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
    : multiples(highest > 0.4 ? 0.2 : highest > 0.2 ? 0.1 : highest > 0.08 ? 0.05 : 0.01, 1);
  const middle = live.section(row, "Error: "), title = middle.firstChild;
  names.forEach((name, k) => {
    live.add(title, "span", { style: `color: var(--${colors[k]}); margin-right: .8em` }, `${"━╍"[k]} ${name}`);
  });
  const diagram = live.diagram(middle, {
    x: { min: 0, max: count, ticks: multiples(every, count), label: "epoch" },
    y: { min: range[0], max: range[1], log, ticks: ticks.filter((t) => t >= range[0] && t <= range[1]),
      write: (v) => `${+(100 * v).toPrecision(2)} %`, label: "" },
    alt: "Training and validation error against the epoch", width: 400, height: 340,
  });
  const { svg, atX, atY } = diagram, upright = (epoch) => `M${atX(epoch)} ${atY(range[1])}V${atY(range[0])}`;
  function multiples(step, to) { return Array.from({ length: Math.floor(to / step + 1e-9) + 1 }, (_, n) => n * step); }

  const now = live.svg(svg, "path", { stroke: "var(--text)", "stroke-width": 2 });
  curves.forEach((curve, k) => diagram.line(colors[k], k > 0)(times(k), curve));
  Object.entries(marks ?? {}).forEach(([name, epoch], k) => {
    live.svg(svg, "path", { class: "axis", "stroke-dasharray": "4 4", "stroke-width": 2, d: upright(epoch) });
    const style = "font-weight: 600; paint-order: stroke; stroke: var(--back); stroke-width: 5px"; // with a seam
    const [x, anchor] = epoch < count / 2 ? [atX(epoch) + 6, "start"] : [atX(epoch) - 6, "end"];
    const y = atY(range[1]) + 16 + 20 * k;
    live.svg(svg, "text", { x, y, "text-anchor": anchor, style }, `${name}: ${epoch}`);
  });
  const points = colors.map((color) => ({ move: diagram.point(color), circle: svg.lastChild }));

  // The epoch can be chosen on the curves, too; a finger that goes up or down scrolls the page.
  svg.setAttribute("style", "touch-action: pan-y; cursor: ew-resize");
  const limits = { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": count };
  for (const [name, value] of Object.entries(limits)) svg.setAttribute(name, value);
  const choose = ({ clientX, clientY }) => {
    const { x } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    const far = Array.from(epochs, (epoch) => Math.abs(atX(epoch) - x));
    stop();
    show(far.indexOf(Math.min(...far)));
  };
  svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); choose(event); });
  svg.addEventListener("pointermove", (event) => { if (svg.hasPointerCapture(event.pointerId)) choose(event); });
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    stop();
    show(Math.max(0, Math.min(last, slider.value + by)));
  });

  // ---------------------------------------------------------------------------------------- gallery
  const read = images ? gallery() : [];
  function gallery() {
    const section = live.section(live.figure, "Digits, and what the network reads (and the right answer !)");
    const columns = "repeat(auto-fill, minmax(max(60px, 7%), 1fr))";
    const box = live.add(section, "div", { style: `${grid(columns)}; text-align: center` });
    return Array.from(labels, (label, k) => {
      const one = live.add(box, "div"), canvas = live.canvas(one, 28, 28, 200, `a ${label}`);
      live.draw(canvas, images.subarray(784 * k, 784 * (k + 1)), { largest: 255 });
      return { canvas, text: live.add(one, "span", { style: "font-size: .86em; white-space: nowrap" }) };
    });
  }
  if (source !== "MNIST") live.add(live.figure, "p", { class: "note" }, `Trained on ${source}, not MNIST.`);

  // ------------------------------------------------------------------------------------ one picture
  function show(n) {
    slider.set(n);
    const epoch = epochs[n], picture = new Float32Array(size);
    canvases.forEach((canvas, k) => {
      const from = (n * neurons + k) * size;
      for (let m = 0; m < size; m++) picture[m] = weights[from + m] - zero;
      live.draw(canvas, picture, { signed: true, largest });
    });
    now.setAttribute("d", upright(epoch));
    svg.setAttribute("aria-valuenow", epoch);
    points.forEach(({ move, circle }, k) => {
      circle.style.display = epoch ? "" : "none";
      if (epoch) move(times(k)[epoch - 1], curves[k][epoch - 1]);
    });
    let wrong = 0;
    read.forEach(({ canvas, text }, k) => {
      const answer = answers[n * labels.length + k], right = answer === labels[k];
      wrong += !right;
      text.textContent = right ? `${answer}` : `“${answer}” (${labels[k]} !)`;
      text.style.color = right ? "" : "var(--orange)";
      canvas.style.outline = right ? "" : "3px solid var(--orange)";
    });
    const errors = names.map((name, k) => `${name} error ${live.percent(curves[k][epoch - 1])}`);
    words.textContent = (epoch ? `Epoch ${epoch}: ${errors.join(", ")}` : "Before the training: random weights")
      + (images ? `; ${wrong} of the ${labels.length} digits below misread.` : ".");
  }

  // ------------------------------------------------------------------------------------------- play
  let running = 0;
  function start() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return show(last);
    let n = slider.value < last ? slider.value : -1;
    words.setAttribute("aria-live", "off"); // not every picture is to be read aloud
    play.textContent = "pause";
    running = setInterval(() => { show(++n); if (n >= last) stop(); }, PAUSE);
  }
  function stop() {
    clearInterval(running);
    running = 0;
    play.textContent = "play";
    words.setAttribute("aria-live", "polite");
  }
  live.show = show;
  stop();
  show(0);
}
