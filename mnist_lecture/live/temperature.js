// Notebook 02: ten inputs and a temperature; softmax, its entropy, and who wins.
{
  const start = Array.from(live.values.z), z = [...start];
  const row = live.row();
  const inputs = live.section(row, "Inputs z: drag them");
  const answers = live.section(row, "Softmax of z / T");
  const sliders = z.map((value, j) => live.slider(
    inputs, `input ${j}`, { min: -5, max: 5, value, step: 0.1, write: (x) => x.toFixed(1) },
    (x) => { z[j] = x; update(); },
  ));
  const temperature = live.slider(
    answers, "temperature T", { min: 0.1, max: 100, value: 1, log: true, write: (x) => x.toPrecision(2) }, update,
  );
  const bars = live.bars(answers, z.keys());
  const words = live.add(answers, "p", { "aria-live": "polite" });
  live.button(answers, "as at the start", () => {
    sliders.forEach((slider, j) => slider.set(z[j] = start[j]));
    temperature.set(1);
    update();
  });

  function update() {
    const p = Float64Array.from(z, (x) => x / temperature.value);
    live.activate(p, "softmax");
    bars(Array.from(p));
    const entropy = -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) : 0), 0);
    words.textContent = `Category ${p.indexOf(Math.max(...p))} wins. Entropy S = ${entropy.toFixed(2)}: `
      + `${Math.exp(entropy).toFixed(1)} categories in play.`;
  }
  update();
}
