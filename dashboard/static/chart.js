// Draws a figure of a lesson as an SVG: lines, dots, bars, cells, rules and labels; of Plotly's figures what those of
// the lessons use (dashboard/charts/learn_*.py). Plotly would begin anew at each answer of a slider, and take a tenth
// of a second a figure.
//
// data: UTF-8 bytes of {title, data, layout}. All text is set as text; entities and <br>, which Plotly reads, are read
// first.
const SVG = "http://www.w3.org/2000/svg",
  SIZE = 13,
  LINE = 17,
  LEVELS = 48,
  NEAR = 30;
const DASHES = { dot: "3 3", dash: "9 6" },
  NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500];

function node(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  if (text !== "") made.textContent = text;
  return made;
}

const area = document.createElement("textarea"),
  pen = document.createElement("canvas").getContext("2d");
const plain = (text) => {
  area.innerHTML = text.replace(/<\/?b>/g, "");
  return area.value;
}; // it holds text alone
const linesOf = (text) => `${text ?? ""}`.split("<br>").map(plain);
const finite = (value) => value !== null && value !== "" && Number.isFinite(+value);
function widthOf(text, size = SIZE) {
  pen.font = `${size}px "Bricolage Grotesque", sans-serif`;
  return pen.measureText(text).width;
}

// A trace with what its kind has where nothing is said of it.
function whole({ ...one }) {
  if (one.type === "heatmap")
    Object.assign(one, { x: one.x ?? [...(one.z[0] ?? []).keys()], y: one.y ?? [...one.z.keys()] });
  return { mode: "lines", line: {}, marker: {}, ...one, x: one.x ?? [...one.y.keys()] };
}

// Numbers as d3 writes them (.3g, +.2f, .1e, .0%), with the marks of the language: [decimal, thousands].
function write(value, form, [decimal, thousands]) {
  if (!Number.isFinite(value)) return `${value ?? ""}`;
  const [, plus, digits, kind] = /^(\+?),?(?:\.(\d+))?([fegd%]?)$/.exec(form) ?? [];
  const places = digits === undefined ? 6 : +digits,
    size = Math.abs(kind === "%" ? 100 * value : value);
  const shown =
    {
      f: () => size.toFixed(places),
      "%": () => size.toFixed(places),
      d: () => size.toFixed(0),
      e: () => size.toExponential(places),
      g: () => size.toPrecision(Math.max(1, places)),
    }[kind]?.() ?? `${+size.toPrecision(12)}`;
  const [whole, ...rest] = shown.split(/(?=[.e])/);
  const sign = value < 0 ? "−" : plus ? "+" : "";
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, thousands) : whole;
  return sign + grouped + rest.join("").replace(".", decimal).replace("-", "−") + (kind === "%" ? "\u202f%" : "");
}

// How values lie on an axis: `at` gives 0 to 1 along it.
function scaleOf(letter, { layout, traces }) {
  const given = layout[`${letter}axis`] ?? {},
    log = given.type === "log",
    own = traces.flatMap((trace) => trace[letter]);
  const named = given.type === "category" || (!log && own.some((value) => typeof value === "string" && !finite(value)));
  const names = named ? [...new Set(own.map(String))] : [],
    places = new Map(names.map((name, place) => [name, place]));
  const place = (value) =>
    named ? (places.get(`${value}`) ?? +value) : value === null ? NaN : log ? Math.log10(+value) : +value;
  const cells = traces.some(({ type }) => type === "heatmap"),
    bars = traces.filter(({ type }) => type === "bar");
  let range = given.range;
  if (!range && named) range = [-0.5, names.length - 0.5];
  if (!range) {
    const ends = own.map(place);
    if (cells) ends.push(...own.flatMap((value) => [place(value) - 0.5, place(value) + 0.5]));
    for (const bar of bars)
      ends.push(
        ...(letter === "y"
          ? bar.y.map((value) => (bar.base ?? 0) + value).concat(bar.base ?? 0)
          : bar.x.flatMap((x) => [x - 0.5, x + 0.5])),
      );
    for (const shape of layout.shapes ?? [])
      if (!`${shape[`${letter}ref`]}`.endsWith("domain"))
        ends.push(place(shape[`${letter}0`]), place(shape[`${letter}1`]));
    const real = ends.filter(Number.isFinite),
      low = Math.min(...real, Infinity),
      high = Math.max(...real, -Infinity);
    const still = letter === "x" && traces.every((trace) => trace.mode === "lines"),
      pad = cells || still ? 0 : 0.06 * (high - low || 1);
    const floor = given.rangemode === "tozero" || (bars.length && letter === "y");
    range = real.length ? [floor && low >= 0 ? 0 : low - pad, high + pad] : [0, 1];
  }
  if (range[0] === range[1]) range = [range[0] - 0.5, range[1] + 0.5];
  if (given.autorange === "reversed") range = [range[1], range[0]];
  return { given, named, names, log, place, range, at: (value) => (place(value) - range[0]) / (range[1] - range[0]) };
}

function ticksOf({ given, named, names, log, place, range }, room, marks, upright) {
  if (given.showticklabels === false) return [];
  const low = Math.min(...range),
    high = Math.max(...range),
    angle = given.tickangle ?? 0,
    inside = (at) => at >= low - 1e-9 && at <= high + 1e-9;
  const share = (at) => (at - range[0]) / (range[1] - range[0]);
  if (named || given.tickvals) {
    const values = given.tickvals ?? names,
      step = given.tickvals ? undefined : given.dtick,
      first = step ? (given.tick0 ?? 0) : 0;
    const texts = values.map((value, which) => `${given.ticktext?.[which] ?? value}`),
      apart = room / Math.max(1, high - low);
    const wide = upright || angle ? LINE - 2 : Math.max(...texts.map((text) => widthOf(text)), 0) + 6;
    const every =
      step ??
      (values.length > 1
        ? (NICE.find((each) => each * apart * Math.abs(place(values[1]) - place(values[0])) >= wide) ?? 1000)
        : 1);
    return values
      .map((value, which) => ({ at: share(place(value)), text: texts[which], which, inside: inside(place(value)) }))
      .filter((tick) => tick.inside && (tick.which - first) % every === 0);
  }
  const many = Math.max(3, room / (upright ? 45 : 70)),
    rough = (high - low) / many,
    power = 10 ** Math.floor(Math.log10(rough));
  const step =
    given.dtick ??
    (log ? Math.max(1, Math.ceil(rough)) : power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
    first = given.tick0 ?? 0,
    ticks = [];
  for (let at = first + Math.ceil((low - first) / step - 1e-9) * step; inside(at) && ticks.length < 200; at += step) {
    const exact = Math.round(at / step) * step,
      tenth = Math.round(at);
    const text = !log
      ? write(exact || 0, `.${given.dtick ? digits || +!Number.isInteger(step) : digits}f`, marks)
      : tenth === 0
        ? "1"
        : "10";
    ticks.push({ at: share(at), text, power: log && tenth !== 0 && tenth !== 1 ? `${tenth}`.replace("-", "−") : "" });
  }
  return ticks;
}

const mixed = (scale, share) => {
  const last = scale.length - 1,
    place = Math.min(last - 1, Math.floor(share * last)),
    part = share * last - place;
  return `color-mix(in srgb, ${scale[place + 1][1]} ${(100 * part).toFixed(1)}%, ${scale[place][1]})`;
};

function dot(symbol, x, y, r) {
  if (symbol === "x-thin") return `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`;
  return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`;
}

function strokeOf(xs, ys, shape) {
  let path = "",
    isDown = false;
  xs.forEach((x, which) => {
    const y = ys[which];
    if (!Number.isFinite(x) || !Number.isFinite(y)) isDown = false;
    else if (!isDown) {
      path += `M${x.toFixed(1)},${y.toFixed(1)}`;
      isDown = true;
    } else
      path +=
        shape === "hvh"
          ? `H${((xs[which - 1] + x) / 2).toFixed(1)}V${y.toFixed(1)}H${x.toFixed(1)}`
          : `L${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return path;
}

const each = (value, which) => (Array.isArray(value) ? value[which] : value);

// Each of these draws a trace into `inside`, which is clipped, or `above`; and says what the pointer is told where.
const PENS = {
  scatter(trace, { X, Y, inside, above, targets, traces }) {
    const xs = trace.x.map(X),
      ys = trace.y.map(Y),
      { mode, marker, line, name } = trace,
      path = strokeOf(xs, ys, line.shape);
    if (trace.fill === "tonexty") {
      const under = traces[traces.indexOf(trace) - 1],
        back = strokeOf(under.x.map(X).reverse(), under.y.map(Y).reverse(), line.shape);
      inside.append(node("path", { d: path + back.replace("M", "L"), fill: trace.fillcolor }));
    }
    if (mode.includes("lines") && line.width !== 0)
      inside.append(
        node("path", {
          d: path,
          fill: "none",
          stroke: line.color,
          "stroke-width": line.width ?? 2,
          "stroke-dasharray": DASHES[line.dash],
          "stroke-linejoin": "round",
        }),
      );
    const groups = new Map(); // dots of one colour are one path
    if (mode.includes("markers"))
      xs.forEach((x, which) => {
        const colour = each(marker.color, which) ?? line.color;
        if (Number.isFinite(x) && Number.isFinite(ys[which]))
          groups.set(
            colour,
            (groups.get(colour) ?? "") + dot(marker.symbol, x, ys[which], (each(marker.size, which) ?? 6) / 2),
          );
      });
    const open = /open|thin/.test(marker.symbol ?? "");
    groups.forEach((d, colour) =>
      above.append(
        node("path", {
          d,
          "stroke-width": open ? (marker.line?.width ?? 2) : undefined,
          ...(open ? { fill: "none", stroke: colour } : { fill: colour }),
        }),
      ),
    );
    if (mode.includes("text"))
      xs.forEach((x, which) => {
        const [up, side] = (each(trace.textposition, which) ?? "top center").split(" "),
          away = (each(marker.size, which) ?? 6) / 2 + 3;
        const anchor = { left: "end", right: "start" }[side] ?? "middle",
          across = { left: -away, right: away }[side] ?? 0;
        above.append(
          node(
            "text",
            {
              x: x + across,
              y: ys[which] + ({ top: -away, bottom: away + SIZE - 2 }[up] ?? 4),
              "text-anchor": anchor,
              "font-size": each(trace.textfont?.size, which),
              fill: each(trace.textfont?.color, which),
            },
            trace.text[which],
          ),
        );
      });
    if (trace.hoverinfo !== "skip")
      xs.forEach((x, which) =>
        targets.push({
          x,
          y: ys[which],
          trace,
          name,
          fields: {
            x: trace.x[which],
            y: trace.y[which],
            text: each(trace.text, which),
            hovertext: each(trace.hovertext, which),
            customdata: each(trace.customdata, which),
          },
        }),
      );
  },
  bar(trace, { X, Y, wide, inside, above, targets }) {
    const { marker } = trace;
    trace.x.forEach((x, which) => {
      const base = trace.base ?? 0,
        width = trace.width ? Math.abs(X(x + trace.width[which]) - X(x)) : wide,
        from = Y(base),
        to = Y(base + trace.y[which]);
      inside.append(
        node("rect", {
          x: X(x) - width / 2,
          y: Math.min(from, to),
          width,
          height: Math.abs(to - from),
          fill: each(marker.color, which),
          opacity: marker.opacity,
        }),
      );
      const text = each(trace.text, which);
      if (text)
        above.append(
          node(
            "text",
            { x: X(x), y: Math.min(from, to) - 5, "text-anchor": "middle", fill: trace.textfont?.color },
            text,
          ),
        );
      targets.push({
        left: X(x) - width / 2,
        right: X(x) + width / 2,
        top: -1e4,
        foot: 1e4,
        x: X(x),
        y: to,
        trace,
        fields: { x, y: trace.y[which], customdata: each(trace.customdata, which) },
      });
    });
  },
  heatmap(trace, { X, Y, cellWidth, cellHeight, inside, above, targets, marks }) {
    const { z, zmin = 0, zmax = 1, colorscale, texttemplate } = trace,
      groups = new Map(),
      form = /:([^}]*)}/.exec(texttemplate ?? "")?.[1];
    const gap = { x: cellWidth > 4 ? (trace.xgap ?? 0) : 0, y: cellHeight > 4 ? (trace.ygap ?? 0) : 0 };
    z.forEach((row, r) =>
      row.forEach((value, c) => {
        if (!finite(value)) return;
        const x = X(trace.x[c]) - cellWidth / 2,
          y = Y(trace.y[r]) - cellHeight / 2,
          level = Math.round(LEVELS * Math.min(1, Math.max(0, (value - zmin) / (zmax - zmin || 1))));
        if (!groups.has(level)) groups.set(level, { d: "", texts: [] });
        const group = groups.get(level);
        group.d += `M${x.toFixed(2)},${y.toFixed(2)}h${(cellWidth - gap.x).toFixed(2)}v${(cellHeight - gap.y).toFixed(2)}h${(gap.x - cellWidth).toFixed(2)}z`;
        if (form)
          group.texts.push(
            node(
              "text",
              {
                x: x + cellWidth / 2,
                y: y + cellHeight / 2 + 4,
                "text-anchor": "middle",
                "font-size": Math.min(12, cellWidth / 3),
              },
              write(value, form, marks),
            ),
          );
        if (trace.hoverinfo !== "skip")
          targets.push({
            left: x,
            right: x + cellWidth,
            top: y,
            foot: y + cellHeight,
            x: x + cellWidth / 2,
            y,
            trace,
            fields: { x: trace.x[c], y: trace.y[r], z: value },
          });
      }),
    );
    groups.forEach(({ d, texts }, level) => {
      const path = inside.appendChild(
        node("path", {
          d,
          fill: mixed(colorscale, level / LEVELS),
          opacity: trace.opacity,
          "shape-rendering": "crispEdges",
        }),
      );
      above.append(...texts.map((text) => Object.assign(text, { ground: path })));
    });
  },
};

// The value of a template of Plotly, as lines of text.
function told({ hovertemplate = "" }, fields, marks) {
  return hovertemplate
    .replace(/<extra>.*<\/extra>/, "")
    .split(/(%\{[^}]+\})/)
    .map((part) => {
      const [, name, form] = /^%\{(\w+)(?::([^}]+))?\}$/.exec(part) ?? [];
      const value = fields[name];
      return name
        ? typeof value === "number"
          ? write(value, form ?? "", marks)
          : `${value ?? ""}`
        : part.split("<br>").map(plain).join("\n");
    })
    .join("");
}

// Where what stands: the plot from (start, low), W wide and H high, within the margins, the legend and the axes' texts.
function frameOf(width, { layout, traces }, x, y, marks) {
  const { l, r, t, b } = layout.margin,
    height = layout.height,
    legend = [];
  const heading = linesOf(x.given.title?.text).filter(Boolean),
    side = linesOf(y.given.title?.text).join(" ");
  const bar = traces.find(({ showscale }) => showscale);
  const named = layout.showlegend ? traces.filter((trace) => trace.showlegend !== false && trace.name) : [];
  for (const trace of named) {
    // in as many rows as it needs
    const text = plain(trace.name),
      last = legend.at(-1),
      after = last ? last.along + 40 + widthOf(last.text) : l;
    const isNew = last && after + 23 + widthOf(text) > width;
    legend.push({ trace, text, along: isNew ? l : after, row: (last?.row ?? 0) + (isNew ? 1 : 0) });
  }
  const slope = (Math.abs(x.given.tickangle ?? 0) * Math.PI) / 180;
  const longest = Math.max(0, ...(x.given.ticktext ?? x.names).map((text) => widthOf(`${text}`)));
  const ticks = slope ? (x.given.showticklabels === false ? 0 : longest) * Math.sin(slope) + 8 : LINE;
  const top = t + (legend.length ? LINE * (legend.at(-1).row + 1) + 6 : 0);
  const foot = b + 8 + ticks + (heading.length ? 6 + LINE * heading.length : 0);
  let tall = Math.max(20, height - top - foot);
  const rows = ticksOf(y, tall, marks, true);
  const widest = Math.max(0, ...rows.map(({ text, power }) => widthOf(text + (power ?? ""))));
  let start = l + 8 + widest + (side ? LINE + 6 : 0),
    W = Math.max(20, width - start - r - (bar ? 62 : 0));
  if (y.given.scaleanchor) {
    const square = Math.min(W, tall);
    start += (W - square) / 2;
    W = tall = square;
  }
  const columns = ticksOf(x, W, marks, false),
    X = (value) => W * x.at(value),
    Y = (value) => tall * (1 - y.at(value));
  return { l, t, b, width, height, legend, heading, side, bar, slope, rows, columns, start, low: top, W, tall, X, Y };
}

function drawAxes(
  picture,
  below,
  { layout },
  x,
  y,
  { l, b, height, heading, side, slope, rows, columns, start, low, W, tall },
) {
  const grid = layout.yaxis.gridcolor;
  const font = ({ tickfont }) => ({
    "font-size": tickfont?.size,
    "font-family": tickfont?.family,
    fill: tickfont?.color,
  });
  for (const { at, text, power } of rows) {
    const place = tall * (1 - at);
    if (y.given.showgrid !== false)
      below.append(node("path", { d: `M0,${place}H${W}`, stroke: grid, "stroke-dasharray": "2 3" }));
    below.append(labelled({ x: -8, y: place + 4, "text-anchor": "end", ...font(y.given) }, text, power));
  }
  for (const { at, text, power } of columns) {
    const place = W * at,
      turn = slope ? `rotate(${x.given.tickangle} ${place} ${tall + 10})` : undefined;
    if (x.given.ticks !== "") below.append(node("path", { d: `M${place},${tall}v4`, stroke: grid }));
    const at_ = { x: place, y: tall + (slope ? 14 : 18), transform: turn, "text-anchor": slope ? "end" : "middle" };
    below.append(labelled({ ...at_, ...font(x.given) }, text, power));
  }
  heading.forEach((line, which) => {
    const y = height - b - 4 - LINE * (heading.length - 1 - which);
    picture.append(node("text", { x: start + W / 2, y, "text-anchor": "middle" }, line));
  });
  const turned = { transform: `translate(${l + 10},${low + tall / 2}) rotate(-90)`, "text-anchor": "middle" };
  if (side) picture.append(node("text", turned, side));
}

function drawShapes(inside, shapes, { X, Y, W, tall }) {
  for (const shape of shapes) {
    const ends = (letter, to, room) =>
      [0, 1].map((end) => {
        const value = shape[`${letter}${end}`],
          isShare = `${shape[`${letter}ref`]}`.endsWith("domain");
        return isShare ? (letter === "x" ? value : 1 - value) * room : to(value);
      });
    const [x0, x1] = ends("x", X, W),
      [y0, y1] = ends("y", Y, tall),
      { fillcolor: fill, opacity, line } = shape;
    const box = { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
    if (shape.type === "rect") inside.append(node("rect", { ...box, fill, opacity }));
    else
      inside.append(
        node("path", {
          d: `M${x0},${y0}L${x1},${y1}`,
          stroke: line.color,
          "stroke-width": line.width,
          "stroke-dasharray": DASHES[line.dash],
        }),
      );
  }
}

function drawNotes(above, notes, x, y, { X, Y }) {
  for (const note of notes) {
    const at = (letter, axis, to) => to(axis.log ? 10 ** note[letter] : note[letter]);
    const up = { bottom: -4, top: SIZE }[note.yanchor] ?? 4,
      anchor = { left: "start", right: "end" }[note.xanchor];
    const place = { x: at("x", x, X) + (note.xshift ?? 0), y: at("y", y, Y) + up - (note.yshift ?? 0) };
    const look = { "text-anchor": anchor ?? "middle", fill: note.font?.color, "font-size": note.font?.size };
    linesOf(note.text).forEach((line, which) =>
      above.append(node("text", { ...place, y: place.y + LINE * which, ...look }, line)),
    );
  }
}

function drawLegend(picture, { legend, t }) {
  for (const {
    trace: { line, marker, mode },
    text,
    along,
    row,
  } of legend) {
    const middle = t + 4 + LINE * row,
      stroke = { stroke: line.color, "stroke-width": 2, "stroke-dasharray": DASHES[line.dash] };
    const sign =
      mode === "markers"
        ? { d: dot("", along + 9, middle, 3), fill: marker.color }
        : { d: `M${along},${middle}h18`, ...stroke };
    picture.append(node("path", sign), node("text", { x: along + 23, y: middle + 4, fill: "var(--ink)" }, text));
  }
}

function drawColourBar(plot, { bar, W, tall }, marks) {
  const steps = 24,
    many = 4,
    x = W + 14,
    height = tall / steps + 0.5;
  for (let step = 0; step < steps; step += 1) {
    const fill = mixed(bar.colorscale, (step + 0.5) / steps);
    plot.append(node("rect", { x, y: tall * (1 - (step + 1) / steps), width: 10, height, fill }));
  }
  for (let step = 0; step <= many; step += 1) {
    const value = bar.zmin + ((bar.zmax - bar.zmin) * step) / many,
      y = tall * (1 - step / many) + 4;
    plot.append(node("text", { x: x + 14, y, "font-size": 12 }, write(+value.toPrecision(3), "", marks)));
  }
  const turned = { transform: `translate(${x + 47},${tall / 2}) rotate(90)`, "text-anchor": "middle" };
  plot.append(node("text", turned, plain(bar.colorbar?.title?.text ?? "")));
}

function draw(box, { title, layout, traces }) {
  const marks = [...(layout.separators ?? ".,")],
    figure = { layout, traces };
  const x = scaleOf("x", figure),
    y = scaleOf("y", figure);
  const frame = frameOf(box.clientWidth, figure, x, y, marks),
    { width, height, start, low, W, tall } = frame;
  const viewBox = `0 0 ${width} ${height}`;
  const picture = node("svg", { class: "main-svg", width, height, viewBox, "font-size": SIZE, fill: "var(--grey)" });
  const plot = picture.appendChild(node("g", { transform: `translate(${start},${low})` })),
    below = node("g");
  const inside = node("svg", { width: W, height: tall }),
    above = node("g"),
    targets = [];
  plot.append(below, inside, above);
  drawAxes(picture, below, figure, x, y, frame);
  drawShapes(inside, layout.shapes ?? [], frame);
  const cellWidth = Math.abs(W / (x.range[1] - x.range[0])),
    cellHeight = Math.abs(tall / (y.range[1] - y.range[0]));
  const wide = cellWidth * (1 - (layout.bargap ?? 0.18));
  for (const trace of traces)
    PENS[trace.type](trace, { ...frame, inside, above, targets, traces, marks, cellWidth, cellHeight, wide });
  drawNotes(above, layout.annotations ?? [], x, y, frame);
  drawLegend(picture, frame);
  if (frame.bar) drawColourBar(plot, frame, marks);
  box.querySelector(".main-svg")?.remove();
  box.prepend(picture);
  box.setAttribute("aria-label", title);
  for (const text of above.querySelectorAll("text"))
    if (text.ground) text.setAttribute("fill", contrasting(getComputedStyle(text.ground).fill));
  return ({ clientX, clientY }) => {
    const { left, top } = picture.getBoundingClientRect();
    tell(box, picture, targets, marks, clientX - left - start, clientY - top - low);
  };
}

function labelled(attributes, text, power) {
  const made = node("text", attributes, text);
  if (power) made.append(node("tspan", { dy: -5, "font-size": 10 }, power));
  return made;
}

function contrasting(colour) {
  const parts = colour
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number),
    unit = colour.startsWith("color") ? 1 : 255;
  return 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2] > 0.5 * unit ? "#17161B" : "#FFFFFF";
}

function tell(box, picture, targets, marks, x, y) {
  const tip = box.querySelector(".tip");
  const reach = (one) =>
    one.left === undefined
      ? Math.hypot(one.x - x, one.y - y)
      : x >= one.left && x < one.right && y >= one.top && y < one.foot
        ? 10
        : Infinity;
  let best = null,
    least = NEAR;
  for (const one of targets) {
    const far = reach(one);
    if (far < least) [best, least] = [one, far];
  }
  tip.hidden = !best;
  if (!best) return;
  const own = picture.querySelector("g").transform.baseVal[0].matrix;
  tip.textContent = told(best.trace, best.fields, marks);
  tip.style.left = `${Math.min(Math.max(0, own.e + best.x + 12), Math.max(0, box.clientWidth - tip.offsetWidth))}px`;
  tip.style.top = `${own.f + best.y > tip.offsetHeight + 8 ? own.f + best.y - tip.offsetHeight - 8 : own.f + best.y + 12}px`;
}

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".chart"),
    figure = JSON.parse(new TextDecoder().decode(data));
  const own = { ...figure, traces: figure.data.map(whole) };
  let width = box.clientWidth,
    answer = draw(box, own);
  box.onpointermove = box.onpointerdown = (event) => answer(event);
  box.onpointerleave = () => {
    box.querySelector(".tip").hidden = true;
  };
  const watch = new ResizeObserver(() => {
    if (box.clientWidth === width || !box.clientWidth) return;
    width = box.clientWidth;
    answer = draw(box, own);
  });
  watch.observe(box);
  return () => watch.disconnect();
}
