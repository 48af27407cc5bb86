// A trained network at work. Arrays are {data, shape}, as Keras orders them: channels last.

// Return a function that takes an image (784 numbers) and gives what each layer makes of it.
live.network = function (network) {
  return function (image) {
    let x = { data: Float32Array.from(image), shape: [28, 28, 1] };
    return network.layers.map((layer) => (x = live.layers[layer.kind](x, layer)));
  };
};

live.probabilities = (layers) => Array.from(layers.at(-1).data);

live.activate = function (data, name) {
  if (name === "relu") for (let k = 0; k < data.length; k++) if (data[k] < 0) data[k] = 0;
  if (name === "softmax") {
    const largest = Math.max(...data);
    let sum = 0;
    for (let k = 0; k < data.length; k++) sum += data[k] = Math.exp(data[k] - largest);
    for (let k = 0; k < data.length; k++) data[k] /= sum;
  }
  return data;
};

live.layers = {
  Dense({ data }, { kernel, bias, activation }) {
    const out = Float32Array.from(bias), n = out.length;
    for (let i = 0; i < data.length; i++) {
      if (data[i]) for (let j = 0; j < n; j++) out[j] += data[i] * kernel[i * n + j];
    }
    return { data: live.activate(out, activation), shape: [n] };
  },

  Conv2D({ data, shape: [height, width, channels] }, { kernel, bias, stride, padding, activation }) {
    const size = kernel.shape[0], filters = kernel.shape[3];
    const length = (n) => padding === "same" ? Math.ceil(n / stride) : Math.floor((n - size) / stride) + 1;
    const rows = length(height), columns = length(width);
    // Keras puts the odd pixel of a padding behind the image
    const before = (n, m) => padding === "same" ? Math.max(0, (m - 1) * stride + size - n) >> 1 : 0;
    const above = before(height, rows), left = before(width, columns);
    const out = new Float32Array(rows * columns * filters);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
      const place = (r * columns + c) * filters;
      for (let f = 0; f < filters; f++) out[place + f] = bias[f];
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) {
        const y = r * stride - above + i, x = c * stride - left + j;
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        for (let k = 0; k < channels; k++) {
          const value = data[(y * width + x) * channels + k];
          if (!value) continue; // paper, and what ReLU has set to zero: most of it
          const at = ((i * size + j) * channels + k) * filters;
          for (let f = 0; f < filters; f++) out[place + f] += value * kernel[at + f];
        }
      }
    }
    return { data: live.activate(out, activation), shape: [rows, columns, filters] };
  },

  MaxPooling2D({ data, shape: [height, width, channels] }, { size }) {
    const rows = Math.floor(height / size), columns = Math.floor(width / size);
    const out = new Float32Array(rows * columns * channels).fill(-Infinity);
    for (let y = 0; y < rows * size; y++) for (let x = 0; x < columns * size; x++) {
      const to = (Math.floor(y / size) * columns + Math.floor(x / size)) * channels;
      const from = (y * width + x) * channels;
      for (let k = 0; k < channels; k++) if (data[from + k] > out[to + k]) out[to + k] = data[from + k];
    }
    return { data: out, shape: [rows, columns, channels] };
  },

  GlobalMaxPooling2D({ data, shape: [height, width, channels] }) {
    const out = new Float32Array(channels).fill(-Infinity);
    for (let n = 0; n < data.length; n++) out[n % channels] = Math.max(out[n % channels], data[n]);
    return { data: out, shape: [channels] };
  },

  BatchNormalization({ data, shape }, { factor, offset }) {
    const n = factor.length;
    return { data: data.map((x, k) => x * factor[k % n] + offset[k % n]), shape };
  },

  ReLU: ({ data, shape }) => ({ data: live.activate(Float32Array.from(data), "relu"), shape }),
  Flatten: ({ data }) => ({ data, shape: [data.length] }),
};
