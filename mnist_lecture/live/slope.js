// Notebook 03: two costs of one confidently wrong answer, and gradient descent down both of them.
{
  const { rate } = live.values, DELTA = "confidence in the wrong answer, Δ", MIN = -5, MAX = 15;
  const RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹";
  const LONGEST = 0.25; // way of a ball from picture to picture, in units of Δ: the fall must be seen
  const DOUBLE = 0.8; // seconds in which the number of steps doubles: a wait, but not of hours

  // Of two categories, with p for the right one and q for the wrong one: as in the notebook.
  const costs = [{
    name: "cross-entropy", color: "blue",
    cost: (p) => -Math.log(p),
    force: (p) => 1 - p,
    gradient: (p, q) => [p - 1, q],
  }, {
    name: "quadratic", color: "orange",
    cost: (p) => 2 * (1 - p) ** 2,
    force: (p) => 4 * p * (1 - p) ** 2,
    gradient(p, q) {
      const mean = p * (p - 1) + q * q;
      return [2 * p * (p - 1 - mean), 2 * q * (q - mean)];
    },
  }];

  // A ball on the curve of each cost. It has arrived when the right answer has half the probability.
  const begin = (delta) => costs.map((cost) => {
    const ball = { ...cost, right: 0, wrong: delta, steps: 0 };
    look(ball);
    return ball;
  });
  function look(ball) { // softmax, in the form that cannot overflow
    const largest = Math.max(ball.right, ball.wrong);
    const a = Math.exp(ball.right - largest), b = Math.exp(ball.wrong - largest);
    ball.p = a / (a + b);
    ball.q = b / (a + b);
    ball.delta = ball.wrong - ball.right;
  }
  function step(ball) {
    const [right, wrong] = ball.gradient(ball.p, ball.q);
    ball.right -= rate * right;
    ball.wrong -= rate * wrong;
    look(ball);
    ball.steps++;
  }
  const arrived = (ball) => ball.p >= 0.5;
  const descend = (ball) => { while (!arrived(ball)) step(ball); return ball; };

  // --------------------------------------------------------------------------------------- diagrams
  const controls = live.add(live.figure, "div", { class: "controls" });
  const slider = live.slider(live.add(controls, "div", { style: "flex: 1 1 240px" }), DELTA,
    { min: MIN, max: MAX, value: live.values.delta, step: 0.1, write: number }, set);
  const go = live.button(controls, "let go", () => (running ? stop() : race()),
    { style: "min-width: 6em; font-weight: 600" });
  const counters = live.row();
  const words = live.add(live.figure, "p", { "aria-live": "polite" });
  const row = live.row(), races = live.section(live.figure, "Steps until p = ½");
  races.style.marginTop = "14px";
  const xs = Array.from({ length: 201 }, (_, k) => MIN + (k * (MAX - MIN)) / 200);
  const x = { min: MIN, max: MAX, ticks: [-5, 0, 5, 10, 15], write: (v) => `${v}`.replace("-", "−"), label: DELTA };
  const diagrams = [
    draw("A slope and a plateau", (ball) => ball.cost,
      { min: 0, max: 16, ticks: [0, 2, 5, 10, 15], label: "cost" },
      [[8.4, 10, "end"], [14.6, 2.6, "end"]],
      "Cost against Δ. That of cross-entropy rises as a straight slope, the quadratic one levels off at 2."),
    draw("On the plateau the force dies out", (ball) => ball.force,
      { min: 1e-6, max: 3, log: true, ticks: [1, 1e-2, 1e-4, 1e-6], label: "force",
        write: (v) => power(Math.round(Math.log10(v))) },
      [[14.6, 0.3, "end"], [6.6, 1e-3, "end"]],
      "Force against Δ, logarithmic. That of cross-entropy stays at 1, the quadratic one falls exponentially."),
  ];

  function draw(title, of, y, names, alt) {
    const section = live.section(row, title), size = { width: 380, height: 290 };
    const { svg, atX, atY, line, point } = live.diagram(section, { x, y, alt, ...size });
    live.svg(svg, "path", { class: "axis", "stroke-dasharray": "3 4", d: `M${atX(0)} ${atY(y.max)}V${atY(y.min)}` });
    live.svg(svg, "text", { x: atX(0) - 5, y: atY(y.max) + 12, "text-anchor": "end" }, "p = ½");
    costs.forEach((cost, k) => {
      line(cost.color, k > 0)(xs, xs.map((delta) => of(cost)(1 / (1 + Math.exp(delta)))));
      const [a, b, anchor] = names[k];
      const look = `fill: var(--${cost.color}); font-weight: 600`;
      live.svg(svg, "text", { x: atX(a), y: atY(b), "text-anchor": anchor, style: look }, cost.name);
    });
    const arrows = y.log ? [] : costs.map(({ color }) => live.svg(svg, "path", { fill: `var(--${color})` }));
    const points = costs.map(({ color }, k) => {
      const move = point(color);
      if (!k) svg.lastChild.setAttribute("r", 10); // to be seen behind the other one
      return move;
    });
    hold(svg, atX);
    return { svg, show: () => balls.forEach((ball, k) => {
      const at = of(ball)(ball.p);
      points[k](ball.delta, at);
      arrows[k]?.setAttribute("d", arrow(atX(ball.delta), atY(at), 60 * ball.force(ball.p)));
    }) };
  }

  // The force, to the left: an arrow from (x, y) of this length in pixels.
  function arrow(x, y, length) {
    const tip = Math.min(12, length);
    return `M${x} ${y - 2}H${x - length + tip}v${-tip / 2}L${x - length} ${y}l${tip} ${2 + tip / 2}v${-tip / 2}H${x}Z`;
  }

  // A diagram can be taken hold of, sideways; a finger that goes up or down scrolls the page.
  function hold(svg, atX) {
    svg.setAttribute("style", "touch-action: pan-y; cursor: ew-resize");
    const limits = { role: "slider", tabindex: 0, "aria-valuemin": MIN, "aria-valuemax": MAX };
    for (const [name, value] of Object.entries(limits)) svg.setAttribute(name, value);
    const move = ({ clientX, clientY }) => {
      const at = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      set(MIN + ((at.x - atX(MIN)) / (atX(MAX) - atX(MIN))) * (MAX - MIN));
    };
    svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); move(event); });
    svg.addEventListener("pointermove", (event) => { if (svg.hasPointerCapture(event.pointerId)) move(event); });
    svg.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.5, ArrowDown: -0.5, ArrowRight: 0.5, ArrowUp: 0.5 }[event.key];
      if (!by) return;
      event.preventDefault();
      set(slider.value + by);
    });
  }

  // --------------------------------------------------------------------------------------- counters
  const digits = "font-variant-numeric: tabular-nums; ";
  const shown = costs.map(({ name, color }) => {
    const section = live.section(counters, name);
    section.style.flexBasis = "150px"; // side by side on a telephone, too
    section.firstChild.style.color = `var(--${color})`;
    const steps = live.add(section, "p", { style: `${digits}font-size: 1.9em; line-height: 1.2; margin: 0` });
    return { steps, numbers: live.add(section, "p", { style: `${digits}white-space: pre-line` }) };
  });
  const table = live.add(races, "table",
    { style: `${digits}text-align: right; border-spacing: 14px 2px; margin-left: -14px; white-space: nowrap` });

  function number(v) { return v.toFixed(1).replace("-", "−"); }
  function power(n) { return n ? "10" + `${n}`.replace(/./g, (c) => RAISED["-0123456789".indexOf(c)]) : "1"; }
  function small(v) { // two digits, in any case
    const [digits, n] = v.toExponential(1).split("e");
    return v >= 0.001 ? v.toPrecision(2) : `${digits} · ${power(+n)}`;
  }
  const whole = (n) => n.toLocaleString("en-US");
  function entry(tag, texts) {
    const line = document.createElement("tr");
    for (const text of texts) live.add(line, tag, {}, text);
    return line;
  }
  const head = entry("th", ["from Δ", ...costs.map(({ name }) => name)]);

  function show() {
    for (const { svg, show } of diagrams) {
      show();
      svg.setAttribute("aria-valuenow", slider.value);
    }
    balls.forEach((ball, k) => {
      shown[k].steps.textContent = `${whole(ball.steps)} step${ball.steps === 1 ? "" : "s"}`;
      const cost = ball.cost(ball.p).toFixed(2), force = small(ball.force(ball.p)), p = small(ball.p);
      const numbers = [`cost ${cost}`, `force ${force}`, `p = ${p}`];
      shown[k].numbers.textContent = numbers.join(innerWidth < 560 ? "\n" : ", "); // always as many lines
    });
  }

  // ------------------------------------------------------------------------------------------- race
  let balls = [], running = 0;
  let done = []; // races: Δ at the start, and the steps of both
  function set(delta) {
    stop();
    slider.set(Math.max(MIN, Math.min(MAX, delta)));
    balls = begin(slider.value);
    words.textContent = "Drag Δ, then let go.";
    show();
  }
  function stop() { cancelAnimationFrame(running); running = 0; go.textContent = "let go"; }

  function race() {
    set(slider.value);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return finish();
    go.textContent = "stop";
    words.textContent = "Each step is −η ∂C/∂z, the same η for both. The film goes ever faster.";
    let before = performance.now(), due = 0, clock = 0; // steps to be made, and made
    running = requestAnimationFrame(function picture(now) {
      due += (clock + 20) * (Math.LN2 / DOUBLE) * Math.min(0.05, Math.max(0, now - before) / 1000);
      before = now;
      const from = balls.map(({ delta }) => delta);
      const far = () => balls.some(({ delta }, k) => from[k] - delta > LONGEST);
      for (; due >= 1; due--, clock++) {
        for (const ball of balls) if (!arrived(ball)) step(ball);
        if (far()) due = 1;
      }
      if (balls.every(arrived)) return finish();
      show();
      running = requestAnimationFrame(picture);
    });
  }

  function finish() {
    stop();
    balls.forEach(descend);
    show();
    const from = slider.value, steps = balls.map((ball) => whole(ball.steps));
    words.textContent = from > 0
      ? `From Δ = ${number(from)}: ${steps[0]} steps down the slope, ${steps[1]} from the plateau.`
      : "The right answer has half the probability, or more, from the start.";
    if (from <= 0) return;
    done = [...done.filter((race) => race[0] !== from), [from, ...steps]].slice(-5); // the last five
    const rows = [...done].sort((a, b) => a[0] - b[0]);
    table.replaceChildren(head, ...rows.map(([delta, ...steps]) => entry("td", [number(delta), ...steps])));
  }

  live.descend = (delta) => begin(delta).map(descend);
  live.balls = () => balls;
  table.append(head);
  set(live.values.delta);
}
